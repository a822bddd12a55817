/* What the worker's phone keeps, one database per account: what is to be sent, and what was fetched last. */
import Dexie, { type Table } from 'dexie'
import type { OutItem, OutStore } from '../core/outbox'
import type { Kept, Memory } from '../core/remember'

interface KeptRow extends Kept { path: string }

class Phone extends Dexie {
  declare outbox: Table<OutItem, string>
  declare kept: Table<KeptRow, string>

  constructor(account: string) {
    super(`linli-grid-${account}`)
    this.version(1).stores({ outbox: 'id', kept: 'path' })
  }
}

export interface Store { outbox: OutStore; memory: Memory; forget(): Promise<void> }

export function openStore(account: string): Store {
  const phone = new Phone(account)
  return {
    outbox: {
      all: () => phone.outbox.toArray(),
      put: async item => { await phone.outbox.put(item) },
      remove: id => phone.outbox.delete(id),
    },
    memory: {
      get: path => phone.kept.get(path),
      put: async (path, kept) => { await phone.kept.put({ path, ...kept }) },
    },
    forget: () => phone.delete(),
  }
}

const NAME = 'linli.grid.account'

/* Who used this phone last, to begin without a network. */
export function lastAccount(): string | null {
  try {
    return localStorage.getItem(NAME)
  } catch {
    return null
  }
}

export function noteAccount(account: string | null): void {
  try {
    if (account) localStorage.setItem(NAME, account)
    else localStorage.removeItem(NAME)
  } catch { /* it begins only with a network then */ }
}
