// ApiVersions.
import { type Draft, errorCodes } from '@kasper/protocol'
import { type ApiVersion, apiVersionsApi, type ApiVersionsResponse } from '@kasper/protocol/messages'
import { type ServedApi, serve } from '../served-api.ts'

const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** The features that clients look for: the consumer protocol of groups, and transactions with an epoch of their own. */
const features = [
  { name: 'group.version', level: 1 },
  { name: 'transaction.version', level: 2 },
] as const

/** ApiVersions, which lists all served APIs. */
export function apiVersions(others: readonly ServedApi[]): ServedApi {
  const apiKeys: ApiVersion[] = []
  const own = serve(apiVersionsApi, ({ clientSoftwareName, clientSoftwareVersion }, { version }): Draft<ApiVersionsResponse> => {
    const named = SOFTWARE_NAME.test(clientSoftwareName) && SOFTWARE_NAME.test(clientSoftwareVersion)
    if (version >= 3 && !named) return { errorCode: errorCodes.INVALID_REQUEST }
    if (version < 3) return { apiKeys }
    // As in Kafka: older clients cannot parse features that may be disabled.
    const supportedFeatures = version < 4 ? [] : features.map(({ name, level }) => ({ name, minVersion: 0, maxVersion: level }))
    const finalizedFeatures = features.map(({ name, level }) => ({ name, minVersionLevel: level, maxVersionLevel: level }))
    return { apiKeys, supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch: 0 }
  })
  for (const { api, maxVersion } of [own, ...others]) apiKeys.push({ apiKey: api.key, minVersion: api.minVersion, maxVersion })
  apiKeys.sort((a, b) => a.apiKey - b.apiKey)
  return own
}

/** The answer to an unsupported version of ApiVersions. It is sent in version 0. */
export function unsupportedApiVersions({ api: { key, minVersion }, maxVersion }: ServedApi): Draft<ApiVersionsResponse> {
  return { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys: [{ apiKey: key, minVersion, maxVersion }] }
}
