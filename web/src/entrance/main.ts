import { boot } from '../shell/boot'
import { loadStart } from '../shell/session'
import Entrance from './Entrance.vue'

boot([{ pattern: '/', page: Entrance, title: '登录 · 邻里' }], async () => { await loadStart() })
