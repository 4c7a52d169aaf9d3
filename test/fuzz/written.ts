/** A request before it is bytes. */
export type Written = {
  readonly method: string
  readonly path: string
  readonly type?: string
  readonly headers?: ReadonlyArray<string>
  readonly body?: string | Buffer
}

/** Well-formed but for what it says. */
export const bytesOf = (
  { method, path, type = 'application/json', headers = [], body = '' }: Written,
  token: string,
) => {
  const content = Buffer.from(body)
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Connection: close',
    ...(type === '' ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${content.length}`,
    ...headers,
  ]
  return { bytes: Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), content]), mayBeCut: false }
}
