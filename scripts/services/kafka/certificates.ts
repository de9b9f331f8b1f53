import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../processes.ts'

const INSTALL_OPENSSL = 'install openssl (Debian, Ubuntu: apt install openssl)'

/** The PEM files of a test certificate authority, and of a server and a client with its certificates. */
export interface Certificates {
  readonly ca: string
  /** The server's key and certificate, in one file for Kafka. */
  readonly server: string
  readonly clientCertificate: string
  readonly clientKey: string
}

/** The paths of the files in `dir`. The files may not exist yet. */
export function certificates(dir: string): Certificates {
  return {
    ca: join(dir, 'ca.pem'),
    server: join(dir, 'server.pem'),
    clientCertificate: join(dir, 'client.crt.pem'),
    clientKey: join(dir, 'client.key.pem'),
  }
}

/** Makes the files in `dir` with openssl, unless they exist from an earlier start. Deletes the key of the CA. */
export async function makeCertificates(dir: string): Promise<void> {
  const files = certificates(dir)
  if (existsSync(files.clientKey)) return
  await mkdir(dir, { recursive: true })
  const openssl = (...args: string[]): Promise<string> => run(['openssl', ...args], { cwd: dir, fix: INSTALL_OPENSSL })
  await writeFile(
    join(dir, 'ca.cnf'),
    '[req]\ndistinguished_name=dn\nx509_extensions=v3\nprompt=no\n[dn]\nCN=Kasper test CA\n' +
      '[v3]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n',
  )
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '30',
    '-config',
    'ca.cnf',
    '-keyout',
    'ca.key',
    '-out',
    files.ca,
  )
  const sign = async (name: string, purpose: string, extensions: string): Promise<void> => {
    await writeFile(join(dir, `${name}.cnf`), `extendedKeyUsage=${purpose}\nauthorityKeyIdentifier=keyid\n${extensions}`)
    const key = `${name}.key.pem`
    await openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      `/CN=kasper-${name}`,
      '-config',
      'ca.cnf',
      '-keyout',
      key,
      '-out',
      `${name}.csr`,
    )
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      files.ca,
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '30',
      '-extfile',
      `${name}.cnf`,
      '-out',
      `${name}.crt.pem`,
    )
  }
  await sign('server', 'serverAuth', 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
  await writeFile(
    files.server,
    (await readFile(join(dir, 'server.key.pem'), 'utf8')) + (await readFile(join(dir, 'server.crt.pem'), 'utf8')),
  )
  await sign('client', 'clientAuth', '')
  await rm(join(dir, 'ca.key'))
}
