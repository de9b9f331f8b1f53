export { BrokerStore } from './broker-store.ts'
export { machineFiles } from './files.ts'
