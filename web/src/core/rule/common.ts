/* The words that every environment has: src/rule/common.c. */
import type { Func, Name, Param } from './parse'
import { count, levelOf, metres, today, truth, unknown, type Value, type Where } from './value'

const EARTH_M = 6371008.8 /* mean radius */
const LEVELS = [
  ['province', '省'], ['city', '市'], ['county', '区县'], ['street', '街道'], ['community', '社区'], ['grid', '网格'],
].map(([word, zh]) => ({ word: word!, zh }))

const param = (name: string, zh: string, more: Partial<Param> = {}): Param => ({ name, zh, ...more })

function metresBetween(a: Where, b: Where): number | null {
  if (typeof a.lat !== 'number' || typeof a.lng !== 'number' || typeof b.lat !== 'number' || typeof b.lng !== 'number') return null
  const radians = (degrees: number) => degrees * (Math.PI / 180)
  const lat = Math.sin(radians(b.lat - a.lat) / 2), lng = Math.sin(radians(b.lng - a.lng) / 2)
  const half = lat * lat + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * lng * lng
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(half, 1)))
}

const placeOf = (value: Value | undefined): Where => (value?.type === 'place' || value?.type === 'area' ? value : {})

function hasWord(text: string, word: Value): boolean {
  if (word.type === 'set') return word.items.some(item => hasWord(text, item))
  return word.type === 'text' && word.text !== '' && text.includes(word.text)
}

function isFilled(value: Value): boolean {
  if (value.type === 'set') return value.items.length > 0
  return value.type === 'text' ? value.text.replace(/^[ \t\r\n]+/, '') !== '' : value.type !== 'unknown'
}

export const commonNames: Name[] = [
  { name: 'today', zh: '今天', type: 'date', fetch: record => ({ type: 'date', days: today(record.now) }) },
  { name: 'now', zh: '现在', type: 'time', fetch: record => ({ type: 'time', ms: record.now }) },
]

export const commonFunctions: Func[] = [
  {
    name: 'known', zh: '已知', params: [param('value', '值')], takesUnknown: true,
    run: ({ args }) => truth(args[0]![0]!.type !== 'unknown'),
  },
  {
    name: 'has', zh: '已填', params: [param('value', '值')], takesUnknown: true,
    run: ({ args }) => truth(isFilled(args[0]![0]!)),
  },
  {
    name: 'days_since', zh: '距今天数', params: [param('date', '日期')],
    run: ({ args, record }) => {
      const from = args[0]![0]!
      if (from.type !== 'date' && from.type !== 'time') return unknown()
      return count(today(record.now) - (from.type === 'time' ? today(from.ms) : from.days))
    },
  },
  {
    name: 'distance', zh: '距离', params: [param('a', '起点'), param('b', '终点')],
    run: ({ args }) => {
      const m = metresBetween(placeOf(args[0]![0]), placeOf(args[1]![0]))
      return m === null ? unknown('坐标') : metres(m)
    },
  },
  {
    name: 'level', zh: '层级', params: [param('place', '地点')], choices: LEVELS,
    run: ({ args }) => {
      const level = levelOf(placeOf(args[0]![0]).area ?? '')
      return level ? { type: 'text', text: level } : unknown('所在辖区')
    },
  },
  {
    name: 'area', zh: '辖区', params: [param('place', '地点')],
    run: ({ args }) => {
      const { area } = placeOf(args[0]![0])
      return area ? { type: 'area', area } : unknown('所在辖区')
    },
  },
  {
    name: 'matches', zh: '含有', params: [param('text', '文字'), param('words', '词', { many: true })],
    run: ({ args }) => {
      const text = args[0]![0]!
      return text.type === 'text' ? truth(args[1]!.some(word => hasWord(text.text, word))) : unknown()
    },
  },
]
