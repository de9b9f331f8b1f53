import { homedir } from 'node:os'
import { join } from 'node:path'

/** Everything that the launcher keeps between runs: downloads, and the folders of the servers it started. */
export const home: string = process.env['KASPER_SERVICES'] || join(homedir(), '.cache', 'kasper-services')

/** Downloaded servers, one folder per version. */
export const installs: string = join(home, 'installs')

/** One folder per started server: configuration, logs, data, and who runs it. */
export const instances: string = join(home, 'instances')
