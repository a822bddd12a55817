/* The administrators' pages, each shown to whom the server lets ask for what is on it. */
import { computed } from 'vue'
import { may } from '../../shell/session'

const DOORS: { path: string; act: string; icon: string; says: string; more: string }[] = [
  { path: '/orgs', act: 'org.make', icon: 'house', says: '单位', more: '物业、部门、管网，和各自负责什么' },
  { path: '/keys', act: 'key.list', icon: 'lock', says: '接口密钥', more: '别的系统用哪一把进来，用到什么时候' },
  { path: '/upper', act: 'upper.show', icon: 'house', says: '上级平台', more: '报上去、收下来的，发不出去的，共用的密钥' },
  { path: '/accounts', act: 'account.list', icon: 'people', says: '账号', more: '开通、给职责、重发开通码、停用' },
  { path: '/policies', act: 'policy.list', icon: 'check', says: '登录要求', more: '各类账号的密码和第二重验证' },
  { path: '/decoys', act: 'decoy.list', icon: 'person', says: '诱饵人员', more: '设几个不存在的人，看谁打开' },
  { path: '/journal', act: 'journal.list', icon: 'list', says: '操作记录', more: '登录、权限、导出、注销，和没做成的' },
  { path: '/looks', act: 'look.list', icon: 'search', says: '谁看了谁', more: '一个账号看过谁，谁看过一位居民' },
  { path: '/waiting', act: 'request.waiting', icon: 'clock', says: '等第二个人', more: '还没有定的导出和注销' },
  { path: '/notices', act: 'notice.list', icon: 'bell', says: '通知', more: '发给居民和同事的，谁看了，谁还没看' },
  { path: '/windows', act: 'appoint.day', icon: 'clock', says: '窗口预约', more: '今天谁来、谁来了，替人约，临时停办' },
  { path: '/share', act: 'case.counts', icon: 'clock', says: '24 小时办结', more: '报来的事，一天之内办结了多少' },
  { path: '/wordings', act: 'wording.make', icon: 'note', says: '常用文字', more: '答复模板和政策问答，写答复的时候用' },
  { path: '/import', act: 'case.import', icon: 'doc', says: '导入历史办件', more: '话务系统导出的表格' },
]
export const doors = computed(() => DOORS.filter(door => may(door.act)))
/* Whoever handles matters begins with them; an administrator has none. */
export const handles = computed(() => may('case.counts'))
