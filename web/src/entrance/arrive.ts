/* Signed in: on to the page that was asked for, else to the door of this person. */
import type { Client } from '../core/types'
import { route } from '../shell/router'
import { clientsOf, loadStart, me } from '../shell/session'

const ENTRIES = /^\/(resident|grid|desk)\//

export async function arrive(client?: Client): Promise<void> {
  await loadStart()
  if (me.value?.owes) return
  const next = route.value.query.next
  const door = client ?? (me.value ? clientsOf(me.value)[0] : undefined)
  if (next && ENTRIES.test(next)) location.assign(next)
  else if (door) location.assign(`/${door}/`)
}
