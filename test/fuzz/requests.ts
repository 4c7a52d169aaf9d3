import type { Dice } from './dice.ts'
import { oddAddress } from './odd-addresses.ts'
import { oddJson, oddProtobuf, spoil } from './odd-bodies.ts'
import { patchTypes, paths, places, protobufType } from './places.ts'
import { bytesOf, type Written } from './written.ts'
import { wrongTypes } from './wrong-types.ts'

/** A request as bytes, with what made it; `mayBeCut`: it may have no end. */
export type FuzzRequest = {
  readonly from: string
  readonly bytes: Buffer
  readonly mayBeCut: boolean
  /** It must not be done. */
  readonly isRefused?: boolean
}

/**
 * Makes the request of a place: first every field of every kind that is served with values of other types, which must be refused, then what the
 * dice say. `corpus`: requests in the form of the files, with `{{token}}` where the token belongs.
 */
export const requestMaker = (token: string, corpus: ReadonlyMap<string, Buffer>) => {
  const wrong = Object.entries(places).flatMap(([path, { kind, base }]) =>
    wrongTypes(kind, base).map((body): Written => ({ method: 'POST', path, body })),
  )
  const files = [...corpus]

  const fromFile = (dice: Dice): FuzzRequest => {
    const [name, bytes] = dice.oneOf(files)
    const spoilt = spoil(dice, bytes)
    return { from: name, bytes: withToken(spoilt, token), mayBeCut: true }
  }

  return (place: number, dice: Dice): FuzzRequest => {
    const written = (from: string, request: Written): FuzzRequest => ({ from, ...bytesOf(request, token) })
    const systematic = wrong[place]
    if (systematic !== undefined) return { ...written('a wrong type', systematic), isRefused: true }
    return dice.pick<FuzzRequest>([
      [2, () => written('a wrong type patched', { ...anyWrite(dice), body: dice.oneOf(wrong).body ?? '' })],
      [4, () => written('odd JSON', { ...anyWrite(dice), body: oddJson(dice) })],
      [2, () => written('a spoilt object', { ...anyWrite(dice), body: spoil(dice, Buffer.from(goodBody(dice))) })],
      [2, () => written('protobuf', { ...anyWrite(dice), type: protobufType, body: oddProtobuf(dice) })],
      [3, () => written('an odd address', oddAddress(dice))],
      [2, () => written('odd headers', oddHeaders(dice))],
      [1, () => written('what is right', goodWrite(dice))],
      [2, () => fromFile(dice)],
      [1, () => ({ from: 'bytes', bytes: dice.bytes(1 + dice.below(200)), mayBeCut: true })],
    ])
  }
}

/** With the token that the server wants, at the placeholder. */
export const withToken = (bytes: Buffer, token: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll('{{token}}', token), 'latin1')

/** A change of something that may be there, by any verb, with a body to come. */
const anyWrite = (dice: Dice): Written => {
  const path = dice.oneOf(paths)
  const one = `${path}/${places[path]?.base.metadata.name}${dice.oneOf(['', '', '', '/status', '/scale', '/eviction', '/binding', '/finalize', '/token', '/log'])}`
  return dice.pick<Written>([
    [4, () => ({ method: 'POST', path })],
    [2, () => ({ method: 'PUT', path: one })],
    [4, () => ({ method: 'PATCH', path: `${one}?fieldManager=f`, type: dice.oneOf(patchTypes) })],
    [1, () => ({ method: 'DELETE', path: one })],
    [1, () => ({ method: 'POST', path: one })],
    [1, () => ({ method: 'POST', path, type: dice.oneOf(['application/yaml', '', 'text/plain', 'x', 'a/b;c="']) })],
  ])
}

/** Something that would be taken, so that there is always something to change. */
const goodWrite = (dice: Dice): Written => {
  const path = dice.oneOf(paths)
  return { method: 'POST', path, body: JSON.stringify(places[path]?.base) }
}

const goodBody = (dice: Dice): string => JSON.stringify(places[dice.oneOf(paths)]?.base)

const oddHeaders = (dice: Dice): Written => ({
  ...(dice.chance(2) ? anyWrite(dice) : { method: 'GET', path: '/api/v1/pods' }),
  body: '{}',
  headers: dice.pick<ReadonlyArray<string>>([
    [1, () => [`X-Long: ${'x'.repeat(dice.oneOf([1000, 60_000, 70_000, 200_000]))}`]],
    [1, () => Array.from({ length: dice.oneOf([50, 3000]) }, (_, place) => `X-${place}: y`)],
    [1, () => ['Authorization: Bearer other']],
    [1, () => ['Host: evil.example']],
    [1, () => ['Origin: https://evil.example']],
    [1, () => ['Content-Length: 9']],
    [1, () => ['Transfer-Encoding: chunked']],
    [1, () => ['Transfer-Encoding: gzip, chunked']],
    [1, () => ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13']],
    [1, () => ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']],
    [1, () => ['Content-Encoding: gzip']],
    [1, () => ['Expect: 100-continue']],
    [1, () => ['Expect: x']],
    [1, () => ['If-None-Match: "a"', 'Range: bytes=0-1']],
    [1, () => ['User-Agent: \x80\xff\x01', 'Cookie: a=b']],
    [1, () => ['X-\x00: y']],
    [1, () => [': y']],
    [1, () => ['X : y']],
    [1, () => ['X-HTTP-Method-Override: DELETE', 'X-Forwarded-Host: evil.example']],
  ]),
})
