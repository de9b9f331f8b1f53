import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder for everything that the launcher keeps between runs: downloads, and a folder for each started server. */
export const home: string = process.env['KASPER_SERVICES'] || join(homedir(), '.cache', 'kasper-services')

/** Downloaded servers, one folder for each version. */
export const installs: string = join(home, 'installs')

/** One folder for each started server, with its configuration, logs, data and state file. */
export const instances: string = join(home, 'instances')
