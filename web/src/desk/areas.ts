/* The way from the areas a person holds down to the one being looked at, with what is open in each. */
import type { Ref } from 'vue'
import { isGrid, liesIn, pathDown, type AreaNode } from '../core/areas'
import type { Counts } from '../core/types'
import { held } from '../shell/counties'
import { useLiveLoad } from '../shell/live'
import { api } from '../shell/net'

export interface Looked { roots: AreaNode[]; counts: Counts }

export function useAreas(current: Ref<string | null>) {
  return useLiveLoad<Looked>(async () => {
    const counts = new Map<string, Counts>()
    const wanted = held.value.flatMap(root => (current.value && liesIn(current.value, root.code) ? pathDown(root.code, current.value) : [root.code]))
    await Promise.all(wanted.map(async code => { counts.set(code, await api.counts(code)) }))
    return {
      roots: held.value.map(root => grow(root.code, root.name, openIn(counts.get(root.code)), counts)),
      counts: counts.get(current.value ?? '') ?? (await api.counts(current.value)),
    }
  })
}

/* What somebody still has to do: late ones are among these, answered ones are out of the house's hands. */
function openIn(counts: Counts | undefined): number | null {
  return counts ? counts.buckets.waiting + counts.buckets.handling : null
}

function grow(code: string, name: string, open: number | null, counts: Map<string, Counts>): AreaNode {
  const areas = isGrid(code) ? [] : counts.get(code)?.areas ?? []
  return { code, name, open, below: areas.map(area => grow(area.code, area.name, area.open, counts)) }
}
