/* What a grid worker may report, one door per kind of case. */
import { computed } from 'vue'
import { sceneIcon } from '../core/icons'
import { href } from '../shell/router'
import { scenesFor } from '../shell/session'

export const doors = computed(() => scenesFor('grid').flatMap(scene => scene.cases.map(kind => ({
  to: href(`/new/${scene.name}/${kind.name}`), icon: sceneIcon(scene.home.icon), title: kind.title, says: scene.title,
}))))
