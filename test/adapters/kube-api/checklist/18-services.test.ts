import { expect, test } from 'vitest'
import { asking, asTable } from './asking.ts'

const services = '/api/v1/namespaces/ns/services'

test('API-18: a service is kept with what a server fills in', async () => {
  const { ask } = await asking()
  const spec = { clusterIP: 'None', selector: { app: 'a' }, ports: [{ port: 80 }] }
  const made = await ask('POST', services, { metadata: { name: 's' }, spec })
  expect(made).toMatchObject({
    code: 201,
    body: {
      spec: {
        ...spec,
        type: 'ClusterIP',
        clusterIPs: ['None'],
        sessionAffinity: 'None',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      },
      status: { loadBalancer: {} },
    },
  })
  const { rows } = (await ask('GET', services, undefined, { accept: asTable })).body
  expect(rows[0].cells).toStrictEqual(['s', 'ClusterIP', 'None', '<none>', '80/TCP', '0s', 'app=a'])
  expect((await ask('DELETE', `${services}/s`)).body.kind).toBe('Service')
})

test('API-18: a service needs ports, and a name that is one label', async () => {
  const { ask } = await asking()
  expect((await ask('POST', services, { metadata: { name: 'a.b' }, spec: {} })).body.details.causes).toMatchObject([
    { field: 'metadata.name', message: 'Invalid value: "a.b": must not contain dots' },
    { field: 'spec.ports', message: 'Required value' },
  ])
})
