import { boot } from '../shell/boot'
import { enter } from '../shell/session'
import Callbacks from './Callbacks.vue'
import Home from './Home.vue'
import Inbox from './Inbox.vue'
import Intake from './Intake.vue'
import AccountPage from './manage/AccountPage.vue'
import Accounts from './manage/Accounts.vue'
import Decoys from './manage/Decoys.vue'
import Journal from './manage/Journal.vue'
import Keys from './manage/Keys.vue'
import Looks from './manage/Looks.vue'
import Orgs from './manage/Orgs.vue'
import Policies from './manage/Policies.vue'
import Import from './manage/Import.vue'
import Upper from './manage/Upper.vue'
import Waiting from './manage/Waiting.vue'
import Wordings from './manage/Wordings.vue'
import Me from './Me.vue'
import NoticePage from './NoticePage.vue'
import Notices from './Notices.vue'
import People from './People.vue'
import PersonPage from './PersonPage.vue'
import Phone from './Phone.vue'
import Rates from './Rates.vue'
import Report from './Report.vue'
import Reports from './Reports.vue'
import Search from './Search.vue'
import Security from './Security.vue'
import SharePage from './SharePage.vue'
import StandIn from './StandIn.vue'
import Windows from './Windows.vue'

boot([
  { pattern: '/', page: Home, title: '值守台 · 邻里' },
  { pattern: '/new', page: Reports, title: '登记 · 邻里' },
  { pattern: '/new/:scene/:kind', page: Report, title: '登记 · 邻里' },
  { pattern: '/phone', page: Phone, title: '接电话 · 邻里' },
  { pattern: '/intake', page: Intake, title: '窗口、来信、代办 · 邻里' },
  { pattern: '/callbacks', page: Callbacks, title: '回访 · 邻里' },
  { pattern: '/find', page: Search, title: '找办件 · 邻里' },
  { pattern: '/windows', page: Windows, title: '窗口预约 · 邻里' },
  { pattern: '/rates', page: Rates, title: '三率 · 邻里' },
  { pattern: '/people', page: People, title: '居民 · 邻里' },
  { pattern: '/people/:id', page: PersonPage, title: '居民 · 邻里' },
  { pattern: '/orgs', page: Orgs, title: '单位 · 邻里' },
  { pattern: '/keys', page: Keys, title: '接口密钥 · 邻里' },
  { pattern: '/upper', page: Upper, title: '上级平台 · 邻里' },
  { pattern: '/accounts', page: Accounts, title: '账号 · 邻里' },
  { pattern: '/accounts/:id', page: AccountPage, title: '账号 · 邻里' },
  { pattern: '/policies', page: Policies, title: '登录要求 · 邻里' },
  { pattern: '/decoys', page: Decoys, title: '诱饵人员 · 邻里' },
  { pattern: '/journal', page: Journal, title: '操作记录 · 邻里' },
  { pattern: '/looks', page: Looks, title: '谁看了谁 · 邻里' },
  { pattern: '/waiting', page: Waiting, title: '等第二个人 · 邻里' },
  { pattern: '/import', page: Import, title: '导入历史办件 · 邻里' },
  { pattern: '/wordings', page: Wordings, title: '常用文字 · 邻里' },
  { pattern: '/notices', page: Notices, title: '通知 · 邻里' },
  { pattern: '/notices/:id', page: NoticePage, title: '通知 · 邻里' },
  { pattern: '/share', page: SharePage, title: '24 小时办结率 · 邻里' },
  { pattern: '/inbox', page: Inbox, title: '消息 · 邻里' },
  { pattern: '/me', page: Me, title: '我的 · 邻里' },
  { pattern: '/me/leave', page: StandIn, title: '请假代班 · 邻里' },
  { pattern: '/me/security', page: Security, title: '账号安全 · 邻里' },
], () => enter('desk'))
