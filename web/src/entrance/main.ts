import { boot } from '../shell/boot'
import { loadStart } from '../shell/session'
import Check from './Check.vue'
import Claim from './Claim.vue'
import Entrance from './Entrance.vue'

boot([
  { pattern: '/', page: Entrance, title: '登录 · 邻里' },
  { pattern: '/check', page: Check, title: '核对文书 · 邻里' },
  { pattern: '/check/:code', page: Check, title: '核对文书 · 邻里' },
  { pattern: '/claim', page: Claim, title: '用开通码设密码 · 邻里' },
], async () => { await loadStart() })
