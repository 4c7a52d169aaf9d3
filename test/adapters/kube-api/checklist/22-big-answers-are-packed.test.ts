import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { jsonAnswer } from '../../../../src/adapters/kube-api/answer.ts'
import { open, serving } from '../server/serving.ts'

const big = { items: Array.from({ length: 5000 }, (_, index) => ({ name: `pod-${index}`, image: 'größe' })) }

const answered = async (value: unknown, encoding: string | null, method = 'GET') => {
  const served = await serving({ handle: async () => jsonAnswer(200, value) })
  const response = await open(served, '/api/v1/pods', {
    method,
    headers: encoding === null ? {} : { 'accept-encoding': encoding },
  })
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece as Buffer)
  const { 'content-encoding': coding, vary } = response.headers
  return { coding, vary, bytes: Buffer.concat(pieces) }
}

describe('API-22: answers of 128 KiB and more are packed', () => {
  test.each(['gzip', 'gzip, deflate, br', 'br;q=1.0, GZIP;q=0.8'])(
    'API-22: for a client that takes %s',
    async (encoding) => {
      const { coding, vary, bytes } = await answered(big, encoding)
      expect([coding, vary]).toEqual(['gzip', 'Accept-Encoding'])
      expect(bytes.length).toBeLessThan(100_000)
      expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(big)
    },
  )

  test.each([null, '', 'br', 'gzip;q=0', 'identity'])('API-22: but not for one that takes %j', async (encoding) => {
    const { coding, bytes } = await answered(big, encoding)
    expect(coding).toBeUndefined()
    expect(JSON.parse(bytes.toString())).toEqual(big)
  })

  test('API-22: nor are small ones', async () => expect((await answered({ items: [] }, 'gzip')).coding).toBeUndefined())

  test('API-22: whoever asks for the head alone gets no body', async () =>
    expect((await answered(big, 'gzip', 'HEAD')).bytes).toHaveLength(0))
})
