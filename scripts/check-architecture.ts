// Checks the rules of scripts/architecture/rules.ts: the allowed imports, no circle of imports, the package.json of every package.
import { fileURLToPath } from 'node:url'
import { checkArchitecture } from './architecture/check.ts'

const { files, problems } = checkArchitecture(fileURLToPath(new URL('..', import.meta.url)))
for (const problem of problems) console.error(problem)
console.log(problems.length === 0 ? `${files} files follow the rules` : `${problems.length} problems with the architecture`)
process.exitCode = problems.length === 0 ? 0 : 1
