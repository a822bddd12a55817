import { boot } from '../shell/boot'
import { enter } from '../shell/session'
import Book from './Book.vue'
import CasePage from './CasePage.vue'
import Cases from './Cases.vue'
import Home from './Home.vue'
import Inbox from './Inbox.vue'
import Leave from './Leave.vue'
import Me from './Me.vue'
import News from './News.vue'
import Notice from './Notice.vue'
import PublicCases from './PublicCases.vue'
import Report from './Report.vue'
import SeenBy from './SeenBy.vue'
import Security from './Security.vue'
import Visits from './Visits.vue'

boot([
  { pattern: '/', page: Home, title: '邻里' },
  { pattern: '/new/:scene/:kind', page: Report, title: '报事 · 邻里' },
  { pattern: '/cases', page: Cases, title: '我的办件 · 邻里' },
  { pattern: '/cases/:id', page: CasePage, title: '办件进度 · 邻里' },
  { pattern: '/visits', page: Visits, title: '我的预约 · 邻里' },
  { pattern: '/book', page: Book, title: '预约到窗口办 · 邻里' },
  { pattern: '/news', page: News, title: '百姓通 · 邻里' },
  { pattern: '/notices/:id', page: Notice, title: '通知 · 邻里' },
  { pattern: '/public', page: PublicCases, title: '公开的办件 · 邻里' },
  { pattern: '/inbox', page: Inbox, title: '消息 · 邻里' },
  { pattern: '/me', page: Me, title: '我的 · 邻里' },
  { pattern: '/me/security', page: Security, title: '账号安全 · 邻里' },
  { pattern: '/me/leave', page: Leave, title: '注销 · 邻里' },
  { pattern: '/me/looks', page: SeenBy, title: '谁看过我的信息 · 邻里' },
], () => enter('resident'))
