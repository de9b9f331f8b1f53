import { type Draft, errorCodes } from '@kasper/protocol'
import { type ApiVersion, apiVersionsApi, type ApiVersionsResponse } from '@kasper/protocol/messages'
import { type ServedApi, serve } from './api.ts'

const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** ApiVersions, which says what the others are. */
export function apiVersions(others: readonly ServedApi[]): ServedApi {
  const apiKeys: ApiVersion[] = []
  const own = serve(apiVersionsApi, ({ clientSoftwareName, clientSoftwareVersion }, { version }): Draft<ApiVersionsResponse> => {
    const named = SOFTWARE_NAME.test(clientSoftwareName) && SOFTWARE_NAME.test(clientSoftwareVersion)
    if (version >= 3 && !named) return { errorCode: errorCodes.INVALID_REQUEST }
    return { apiKeys, ...(version >= 3 ? { finalizedFeaturesEpoch: 0 } : {}) }
  })
  for (const { api, maxVersion } of [own, ...others]) apiKeys.push({ apiKey: api.key, minVersion: api.minVersion, maxVersion })
  apiKeys.sort((a, b) => a.apiKey - b.apiKey)
  return own
}

/** The answer, in version 0, to whoever asked in a version that we do not have. */
export function unsupportedApiVersions({ api: { key, minVersion }, maxVersion }: ServedApi): Draft<ApiVersionsResponse> {
  return { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys: [{ apiKey: key, minVersion, maxVersion }] }
}
