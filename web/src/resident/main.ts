import { boot } from '../shell/boot'
import { enter } from '../shell/session'
import CasePage from './CasePage.vue'
import Cases from './Cases.vue'
import Home from './Home.vue'
import Inbox from './Inbox.vue'
import Me from './Me.vue'
import Report from './Report.vue'
import SeenBy from './SeenBy.vue'
import Security from './Security.vue'

boot([
  { pattern: '/', page: Home, title: '邻里' },
  { pattern: '/new/:scene/:kind', page: Report, title: '报事 · 邻里' },
  { pattern: '/cases', page: Cases, title: '我的办件 · 邻里' },
  { pattern: '/cases/:id', page: CasePage, title: '办件进度 · 邻里' },
  { pattern: '/inbox', page: Inbox, title: '消息 · 邻里' },
  { pattern: '/me', page: Me, title: '我的 · 邻里' },
  { pattern: '/me/security', page: Security, title: '账号安全 · 邻里' },
  { pattern: '/me/looks', page: SeenBy, title: '谁看过我的信息 · 邻里' },
], () => enter('resident'))
