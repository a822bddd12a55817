/* A page's own addresses live behind the #: /desk/#/cases?bucket=late.  The server serves one file per entry, links
 * can be shared and the back button works. */
import { computed, nextTick, shallowRef, type Component } from 'vue'

export interface Route { path: string; query: Record<string, string> }
export interface Page { pattern: string; page: Component; title: string }
export interface Match { page: Component; title: string; params: Record<string, string> }

function read(): Route {
  const [path = '/', query = ''] = (location.hash.slice(1) || '/').split('?')
  return { path: path || '/', query: Object.fromEntries(new URLSearchParams(query)) }
}

export const route = shallowRef<Route>(read())
addEventListener('hashchange', () => { route.value = read() })

type Query = Record<string, string | number | null | undefined>

export function href(path: string, query: Query = {}): string {
  const kept = Object.entries(query).filter(([, v]) => v !== null && v !== undefined && v !== '')
  const text = new URLSearchParams(kept.map(([k, v]) => [k, String(v)])).toString()
  return `#${path}${text ? `?${text}` : ''}`
}

export function go(path: string, query: Query = {}): void {
  location.hash = href(path, query)
}

/* The same page with another query; an empty value takes the name out. */
export function withQuery(change: Query): string {
  return href(route.value.path, { ...route.value.query, ...change })
}

export function replaceQuery(change: Query): void {
  history.replaceState(null, '', withQuery(change))
  route.value = read()
}

export function useMatch(pages: Page[]) {
  return computed<Match | null>(() => {
    for (const { pattern, page, title } of pages) {
      const params = fit(pattern, route.value.path)
      if (params) return { page, title, params }
    }
    return null
  })
}

function fit(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/')
  const have = path.split('/')
  if (want.length !== have.length) return null
  const params: Record<string, string> = {}
  for (const [i, part] of want.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(have[i]!)
    else if (part !== have[i]) return null
  }
  return params
}

/* After a change of page the reader begins at its top, whether by eye or by ear. */
export async function settle(title: string): Promise<void> {
  document.title = title
  await nextTick()
  scrollTo(0, 0)
  focusOn(document.querySelector<HTMLElement>('h1'))
}

export function focusOn(element: HTMLElement | null): void {
  if (!element) return
  if (!element.matches('a, button, input, select, textarea, summary')) element.tabIndex = -1
  element.focus({ preventScroll: false })
}
