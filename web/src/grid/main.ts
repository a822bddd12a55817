import { boot } from '../shell/boot'
import { enter } from '../shell/session'
import CasePage from './CasePage.vue'
import Inbox from './Inbox.vue'
import Me from './Me.vue'
import NoticePage from './NoticePage.vue'
import Notices from './Notices.vue'
import { begin } from './phone'
import People from './People.vue'
import PersonPage from './PersonPage.vue'
import Report from './Report.vue'
import Search from './Search.vue'
import Security from './Security.vue'
import Reports from './Reports.vue'
import StandIn from './StandIn.vue'
import Today from './Today.vue'

boot([
  { pattern: '/', page: Today, title: '今天 · 邻里' },
  { pattern: '/new', page: Reports, title: '报事 · 邻里' },
  { pattern: '/new/:scene/:kind', page: Report, title: '报事 · 邻里' },
  { pattern: '/cases/:id', page: CasePage, title: '办件 · 邻里' },
  { pattern: '/find', page: Search, title: '找办件 · 邻里' },
  { pattern: '/people', page: People, title: '居民 · 邻里' },
  { pattern: '/people/:id', page: PersonPage, title: '居民 · 邻里' },
  { pattern: '/notices', page: Notices, title: '通知 · 邻里' },
  { pattern: '/notices/:id', page: NoticePage, title: '通知 · 邻里' },
  { pattern: '/inbox', page: Inbox, title: '消息 · 邻里' },
  { pattern: '/me', page: Me, title: '我的 · 邻里' },
  { pattern: '/me/leave', page: StandIn, title: '请假代班 · 邻里' },
  { pattern: '/me/security', page: Security, title: '账号安全 · 邻里' },
], () => enter('grid', begin))

/* The shell works without a network; browsers that keep no service worker just need one to open the page. */
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/grid/sw.js').catch(() => undefined)
