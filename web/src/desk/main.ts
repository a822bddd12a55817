import { boot } from '../shell/boot'
import { enter } from '../shell/session'
import Cases from './Cases.vue'
import Inbox from './Inbox.vue'
import Me from './Me.vue'
import People from './People.vue'
import PersonPage from './PersonPage.vue'
import Report from './Report.vue'
import Security from './Security.vue'

boot([
  { pattern: '/', page: Cases, title: '办件 · 邻里' },
  { pattern: '/new/:scene/:kind', page: Report, title: '登记 · 邻里' },
  { pattern: '/people', page: People, title: '居民 · 邻里' },
  { pattern: '/people/:id', page: PersonPage, title: '居民 · 邻里' },
  { pattern: '/inbox', page: Inbox, title: '消息 · 邻里' },
  { pattern: '/me', page: Me, title: '我的 · 邻里' },
  { pattern: '/me/security', page: Security, title: '账号安全 · 邻里' },
], () => enter('desk'))
