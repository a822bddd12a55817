/* Shows openapi.json to people.  Text only ever becomes text nodes. */
'use strict'

const byId = id => document.getElementById(id)

function element(name, attributes, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

const KINDS = { string: '文字', integer: '整数', number: '数', boolean: '是或否', array: '列表', object: '一组' }

function kindOf(schema) {
  const types = [schema.type].flat().filter(type => type && type !== 'null')
  const words = types.length ? types.map(type => KINDS[type] ?? type).join('、') : '任意'
  if (schema.format === 'date-time') return '时间'
  if (schema.pattern?.startsWith('^[1-9]')) return '编号'
  if (schema.type === 'array' && schema.items?.type !== 'object') return `${kindOf(schema.items)}的列表`
  return words
}

function boundsOf(schema) {
  const parts = []
  if (schema.minimum !== undefined) parts.push(`${schema.minimum} 至 ${schema.maximum}`)
  if (schema.maxLength !== undefined) parts.push(`最多 ${schema.maxLength} 字`)
  if (schema.maxItems !== undefined) parts.push(`最多 ${schema.maxItems} 个`)
  return parts.join('，')
}

/* One row a field; what is inside a field follows with its path. */
function rowsOf(schema, prefix = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name
    const inner = field.properties ? field : field.items?.properties ? field.items : null
    const needed = schema.required?.includes(name) ? '必填' : ''
    const row = element('tr', {},
      element('td', {}, element('code', {}, path)),
      element('td', {}, kindOf(field)),
      element('td', {}, [needed, field.title, boundsOf(field), field.description].filter(Boolean).join('；')))
    return [row, ...(inner ? rowsOf(inner, `${path}${field.items ? '[]' : ''}/`) : [])]
  })
}

function tableOf(title, schema) {
  const rows = rowsOf(schema)
  if (!rows.length) return []
  const head = element('tr', {}, ...['名字', '是什么', '说明'].map(word => element('th', { scope: 'col' }, word)))
  return [element('h3', {}, title), element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows))]
}

function asSchema(parameters) {
  const own = parameters.filter(parameter => parameter.in)
  return {
    properties: Object.fromEntries(own.map(({ name, schema }) => [name, schema])),
    required: own.filter(parameter => parameter.required).map(parameter => parameter.name),
  }
}

function partsOf(act) {
  const body = act.requestBody?.content ?? {}
  const answer = act.responses['2XX']?.content?.['application/json']?.schema
  const images = Object.keys(body).filter(type => type.startsWith('image/'))
  return [
    ...tableOf('网址里', asSchema(act.parameters)),
    ...tableOf('内容', body['application/json']?.schema ?? {}),
    ...(images.length ? [element('h3', {}, '内容'), element('p', {}, images.join('、'))] : []),
    ...tableOf('回答', answer ?? {}),
  ]
}

function actElement(path, method, act) {
  const name = element('code', {}, path)
  const title = element('summary', {},
    element('span', { class: 'method' }, method.toUpperCase()), name, ` ${act.summary ?? ''}`)
  const facts = element('p', { class: 'quiet' }, `${act.operationId}，权限：${act['x-right-title'] ?? '谁都可以'}`)
  const made = element('details', {}, title, facts)
  if (act.description) made.append(element('p', {}, act.description))
  made.append(...partsOf(act))
  made.dataset.words = [path, method, act.operationId, act.summary, act.description].join(' ').toLowerCase()
  return made
}

function show(description) {
  const groups = new Map()
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, act] of Object.entries(methods)) {
      const group = groups.get(act.tags[0]) ?? []
      groups.set(act.tags[0], [...group, actElement(path, method, act)])
    }
  }
  byId('version').textContent = description.info.version
  for (const [tag, acts] of [...groups].sort(([a], [b]) => a.localeCompare(b))) {
    byId('acts').append(element('section', {}, element('h2', {}, tag), ...acts))
  }
  byId('find').addEventListener('input', find)
  find()
}

function find() {
  const words = byId('find').value.toLowerCase().split(/\s+/).filter(Boolean)
  let shown = 0
  for (const act of document.querySelectorAll('details')) {
    act.hidden = !words.every(word => act.dataset.words.includes(word))
    shown += act.hidden ? 0 : 1
  }
  for (const section of document.querySelectorAll('section')) {
    section.hidden = !section.querySelector('details:not([hidden])')
  }
  byId('state').textContent = shown ? `${shown} 个操作` : '没有符合的操作。换一个词再试。'
}

async function load() {
  const reply = await fetch('/api/v1/openapi.json', { credentials: 'same-origin' })
  if (reply.ok) {
    show(await reply.json())
    return
  }
  const problem = await reply.json().catch(() => ({}))
  byId('state').append(problem.detail ?? '现在看不到接口说明，请稍后再来。')
  if (reply.status === 401) byId('state').append(' ', element('a', { href: '/' }, '去登录'))
}

load().catch(() => { byId('state').textContent = '没连上服务器，请稍后再来。' })
