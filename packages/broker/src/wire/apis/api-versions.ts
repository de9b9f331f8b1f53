import { type Draft, errorCodes } from '@kasper/protocol'
import { type ApiVersion, apiVersionsApi, type ApiVersionsResponse } from '@kasper/protocol/messages'
import { type ServedApi, serve } from '../served-api.ts'

const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** What clients go by beyond the versions: the newer protocol of groups, and transactions of which each has an epoch of its own. */
const features = [
  { name: 'group.version', level: 1 },
  { name: 'transaction.version', level: 2 },
] as const

/** ApiVersions, which says what the others are. */
export function apiVersions(others: readonly ServedApi[]): ServedApi {
  const apiKeys: ApiVersion[] = []
  const own = serve(apiVersionsApi, ({ clientSoftwareName, clientSoftwareVersion }, { version }): Draft<ApiVersionsResponse> => {
    const named = SOFTWARE_NAME.test(clientSoftwareName) && SOFTWARE_NAME.test(clientSoftwareVersion)
    if (version >= 3 && !named) return { errorCode: errorCodes.INVALID_REQUEST }
    if (version < 3) return { apiKeys }
    // As Kafka has it: older clients cannot take that a feature may be off.
    const supportedFeatures = version < 4 ? [] : features.map(({ name, level }) => ({ name, minVersion: 0, maxVersion: level }))
    const finalizedFeatures = features.map(({ name, level }) => ({ name, minVersionLevel: level, maxVersionLevel: level }))
    return { apiKeys, supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch: 0 }
  })
  for (const { api, maxVersion } of [own, ...others]) apiKeys.push({ apiKey: api.key, minVersion: api.minVersion, maxVersion })
  apiKeys.sort((a, b) => a.apiKey - b.apiKey)
  return own
}

/** The answer, in version 0, to whoever asked in a version that we do not have. */
export function unsupportedApiVersions({ api: { key, minVersion }, maxVersion }: ServedApi): Draft<ApiVersionsResponse> {
  return { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys: [{ apiKey: key, minVersion, maxVersion }] }
}
