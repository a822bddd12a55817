/* Words of the administrators' pages. */
import type { Client, LookKind, Policy } from '../../core/types'

/* Each role with the duty that usually carries it. */
export const ROLES: { role: string; title: string; duty: string }[] = [
  { role: 'grid-worker', title: '网格员', duty: '网格员' },
  { role: 'desk', title: '社区值守', duty: '社区值守' },
  { role: 'leader', title: '社区、街道领导', duty: '社区书记' },
  { role: 'centre', title: '指挥中心', duty: '区指挥中心' },
  { role: 'handler', title: '承办单位人员', duty: '物业' },
  { role: 'protector', title: '保护专员', duty: '保护专员' },
  { role: 'police', title: '社区民警', duty: '社区民警' },
  { role: 'system', title: '系统管理员', duty: '系统管理员' },
  { role: 'security', title: '安全管理员', duty: '安全管理员' },
  { role: 'audit', title: '审计管理员', duty: '审计管理员' },
  { role: 'monitor', title: '监控系统', duty: '监控系统' },
]

export const CLIENTS: Record<Client, string> = { desk: '值守台', grid: '网格员手机', resident: '居民手机' }
export const KINDS: Record<Policy['kind'], string> = { admin: '管理员', staff: '工作人员', resident: '居民' }
export const FACTORS: Record<Policy['factor'], string> = { none: '不要求', totp: '动态口令或通行密钥', passkey: '通行密钥' }

export const LOOKED: Record<LookKind, string> = {
  page: '打开了信息页，号码是遮住的', clear: '看了完整的号码和住址', list: '查找居民', listed: '查找时列了出来', export: '导出的名单里有',
  over: '超出当天次数，没有让看', call: '来电时按号码查了报过的事',
  number: '为了回访看了完整的电话号码', reach: '办这件事时看了完整的电话号码',
}
const SHOWN: Record<string, string> = { name: '姓名', sex: '性别', birth: '出生', phone: '电话', id_number: '身份证号', address: '住址' }

/* "name* sex phone" → 姓名（遮住）、性别、电话 */
export function fieldWords(fields: string): string {
  return fields.split(' ').filter(Boolean)
    .map(one => (SHOWN[one.replace('*', '')] ?? one) + (one.endsWith('*') ? '（遮住）' : '')).join('、')
}

/* Until the end of a day is until the beginning of the next: the last moment of it. */
export const lastMoment = (until: string) => Date.parse(until) - 1

/* A day of the calendar as the moment it begins, or with `days` the moment so many days later. */
export function dayBegins(day: string | undefined, days = 0): string | null {
  if (!day) return null
  const at = Date.parse(`${day}T00:00:00+08:00`) + days * 86_400_000
  return Number.isNaN(at) ? null : new Date(at + 8 * 3_600_000).toISOString().replace('.000Z', '+08:00')
}
