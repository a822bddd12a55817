/* What somebody at this client may report or take down, one door per kind of case. */
import { computed } from 'vue'
import { sceneIcon } from '../core/icons'
import type { Client } from '../core/types'
import { scenesFor } from './session'

export const doorsFor = (client: Client) => computed(() => scenesFor(client).flatMap(scene => scene.cases.map(kind => ({
  path: `/new/${scene.name}/${kind.name}`, icon: sceneIcon(scene.home.icon), title: kind.title, says: scene.title,
}))))
