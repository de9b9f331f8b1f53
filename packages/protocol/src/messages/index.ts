// Generated from the message definitions of Apache Kafka 4.1.0 (Apache License 2.0) by generator/main.ts; do not edit.
import type { Api } from '../api.ts'
import { produceApi } from './produce.ts'
import { fetchApi } from './fetch.ts'
import { listOffsetsApi } from './list-offsets.ts'
import { metadataApi } from './metadata.ts'
import { offsetCommitApi } from './offset-commit.ts'
import { offsetFetchApi } from './offset-fetch.ts'
import { findCoordinatorApi } from './find-coordinator.ts'
import { joinGroupApi } from './join-group.ts'
import { heartbeatApi } from './heartbeat.ts'
import { leaveGroupApi } from './leave-group.ts'
import { syncGroupApi } from './sync-group.ts'
import { describeGroupsApi } from './describe-groups.ts'
import { listGroupsApi } from './list-groups.ts'
import { saslHandshakeApi } from './sasl-handshake.ts'
import { apiVersionsApi } from './api-versions.ts'
import { createTopicsApi } from './create-topics.ts'
import { deleteTopicsApi } from './delete-topics.ts'
import { deleteRecordsApi } from './delete-records.ts'
import { initProducerIdApi } from './init-producer-id.ts'
import { offsetForLeaderEpochApi } from './offset-for-leader-epoch.ts'
import { addPartitionsToTxnApi } from './add-partitions-to-txn.ts'
import { addOffsetsToTxnApi } from './add-offsets-to-txn.ts'
import { endTxnApi } from './end-txn.ts'
import { writeTxnMarkersApi } from './write-txn-markers.ts'
import { txnOffsetCommitApi } from './txn-offset-commit.ts'
import { describeAclsApi } from './describe-acls.ts'
import { createAclsApi } from './create-acls.ts'
import { deleteAclsApi } from './delete-acls.ts'
import { describeConfigsApi } from './describe-configs.ts'
import { alterConfigsApi } from './alter-configs.ts'
import { alterReplicaLogDirsApi } from './alter-replica-log-dirs.ts'
import { describeLogDirsApi } from './describe-log-dirs.ts'
import { saslAuthenticateApi } from './sasl-authenticate.ts'
import { createPartitionsApi } from './create-partitions.ts'
import { createDelegationTokenApi } from './create-delegation-token.ts'
import { renewDelegationTokenApi } from './renew-delegation-token.ts'
import { expireDelegationTokenApi } from './expire-delegation-token.ts'
import { describeDelegationTokenApi } from './describe-delegation-token.ts'
import { deleteGroupsApi } from './delete-groups.ts'
import { electLeadersApi } from './elect-leaders.ts'
import { incrementalAlterConfigsApi } from './incremental-alter-configs.ts'
import { alterPartitionReassignmentsApi } from './alter-partition-reassignments.ts'
import { listPartitionReassignmentsApi } from './list-partition-reassignments.ts'
import { offsetDeleteApi } from './offset-delete.ts'
import { describeClientQuotasApi } from './describe-client-quotas.ts'
import { alterClientQuotasApi } from './alter-client-quotas.ts'
import { describeUserScramCredentialsApi } from './describe-user-scram-credentials.ts'
import { alterUserScramCredentialsApi } from './alter-user-scram-credentials.ts'
import { describeQuorumApi } from './describe-quorum.ts'
import { updateFeaturesApi } from './update-features.ts'
import { describeClusterApi } from './describe-cluster.ts'
import { describeProducersApi } from './describe-producers.ts'
import { unregisterBrokerApi } from './unregister-broker.ts'
import { describeTransactionsApi } from './describe-transactions.ts'
import { listTransactionsApi } from './list-transactions.ts'
import { consumerGroupHeartbeatApi } from './consumer-group-heartbeat.ts'
import { consumerGroupDescribeApi } from './consumer-group-describe.ts'
import { getTelemetrySubscriptionsApi } from './get-telemetry-subscriptions.ts'
import { pushTelemetryApi } from './push-telemetry.ts'
import { listConfigResourcesApi } from './list-config-resources.ts'
import { describeTopicPartitionsApi } from './describe-topic-partitions.ts'
import { shareGroupHeartbeatApi } from './share-group-heartbeat.ts'
import { shareGroupDescribeApi } from './share-group-describe.ts'
import { shareFetchApi } from './share-fetch.ts'
import { shareAcknowledgeApi } from './share-acknowledge.ts'
import { addRaftVoterApi } from './add-raft-voter.ts'
import { removeRaftVoterApi } from './remove-raft-voter.ts'
import { initializeShareGroupStateApi } from './initialize-share-group-state.ts'
import { readShareGroupStateApi } from './read-share-group-state.ts'
import { writeShareGroupStateApi } from './write-share-group-state.ts'
import { deleteShareGroupStateApi } from './delete-share-group-state.ts'
import { readShareGroupStateSummaryApi } from './read-share-group-state-summary.ts'
import { streamsGroupHeartbeatApi } from './streams-group-heartbeat.ts'
import { streamsGroupDescribeApi } from './streams-group-describe.ts'
import { describeShareGroupOffsetsApi } from './describe-share-group-offsets.ts'
import { alterShareGroupOffsetsApi } from './alter-share-group-offsets.ts'
import { deleteShareGroupOffsetsApi } from './delete-share-group-offsets.ts'

export * from './produce.ts'
export * from './fetch.ts'
export * from './list-offsets.ts'
export * from './metadata.ts'
export * from './offset-commit.ts'
export * from './offset-fetch.ts'
export * from './find-coordinator.ts'
export * from './join-group.ts'
export * from './heartbeat.ts'
export * from './leave-group.ts'
export * from './sync-group.ts'
export * from './describe-groups.ts'
export * from './list-groups.ts'
export * from './sasl-handshake.ts'
export * from './api-versions.ts'
export * from './create-topics.ts'
export * from './delete-topics.ts'
export * from './delete-records.ts'
export * from './init-producer-id.ts'
export * from './offset-for-leader-epoch.ts'
export * from './add-partitions-to-txn.ts'
export * from './add-offsets-to-txn.ts'
export * from './end-txn.ts'
export * from './write-txn-markers.ts'
export * from './txn-offset-commit.ts'
export * from './describe-acls.ts'
export * from './create-acls.ts'
export * from './delete-acls.ts'
export * from './describe-configs.ts'
export * from './alter-configs.ts'
export * from './alter-replica-log-dirs.ts'
export * from './describe-log-dirs.ts'
export * from './sasl-authenticate.ts'
export * from './create-partitions.ts'
export * from './create-delegation-token.ts'
export * from './renew-delegation-token.ts'
export * from './expire-delegation-token.ts'
export * from './describe-delegation-token.ts'
export * from './delete-groups.ts'
export * from './elect-leaders.ts'
export * from './incremental-alter-configs.ts'
export * from './alter-partition-reassignments.ts'
export * from './list-partition-reassignments.ts'
export * from './offset-delete.ts'
export * from './describe-client-quotas.ts'
export * from './alter-client-quotas.ts'
export * from './describe-user-scram-credentials.ts'
export * from './alter-user-scram-credentials.ts'
export * from './describe-quorum.ts'
export * from './update-features.ts'
export * from './describe-cluster.ts'
export * from './describe-producers.ts'
export * from './unregister-broker.ts'
export * from './describe-transactions.ts'
export * from './list-transactions.ts'
export * from './consumer-group-heartbeat.ts'
export * from './consumer-group-describe.ts'
export * from './get-telemetry-subscriptions.ts'
export * from './push-telemetry.ts'
export * from './list-config-resources.ts'
export * from './describe-topic-partitions.ts'
export * from './share-group-heartbeat.ts'
export * from './share-group-describe.ts'
export * from './share-fetch.ts'
export * from './share-acknowledge.ts'
export * from './add-raft-voter.ts'
export * from './remove-raft-voter.ts'
export * from './initialize-share-group-state.ts'
export * from './read-share-group-state.ts'
export * from './write-share-group-state.ts'
export * from './delete-share-group-state.ts'
export * from './read-share-group-state-summary.ts'
export * from './streams-group-heartbeat.ts'
export * from './streams-group-describe.ts'
export * from './describe-share-group-offsets.ts'
export * from './alter-share-group-offsets.ts'
export * from './delete-share-group-offsets.ts'
export * from './consumer-protocol-assignment.ts'
export * from './consumer-protocol-subscription.ts'
export * from './end-txn-marker.ts'

/** Every API of Kafka 4.1.0's brokers, by key. */
export const apis: ReadonlyMap<number, Api> = new Map<number, Api>([
  [0, produceApi],
  [1, fetchApi],
  [2, listOffsetsApi],
  [3, metadataApi],
  [8, offsetCommitApi],
  [9, offsetFetchApi],
  [10, findCoordinatorApi],
  [11, joinGroupApi],
  [12, heartbeatApi],
  [13, leaveGroupApi],
  [14, syncGroupApi],
  [15, describeGroupsApi],
  [16, listGroupsApi],
  [17, saslHandshakeApi],
  [18, apiVersionsApi],
  [19, createTopicsApi],
  [20, deleteTopicsApi],
  [21, deleteRecordsApi],
  [22, initProducerIdApi],
  [23, offsetForLeaderEpochApi],
  [24, addPartitionsToTxnApi],
  [25, addOffsetsToTxnApi],
  [26, endTxnApi],
  [27, writeTxnMarkersApi],
  [28, txnOffsetCommitApi],
  [29, describeAclsApi],
  [30, createAclsApi],
  [31, deleteAclsApi],
  [32, describeConfigsApi],
  [33, alterConfigsApi],
  [34, alterReplicaLogDirsApi],
  [35, describeLogDirsApi],
  [36, saslAuthenticateApi],
  [37, createPartitionsApi],
  [38, createDelegationTokenApi],
  [39, renewDelegationTokenApi],
  [40, expireDelegationTokenApi],
  [41, describeDelegationTokenApi],
  [42, deleteGroupsApi],
  [43, electLeadersApi],
  [44, incrementalAlterConfigsApi],
  [45, alterPartitionReassignmentsApi],
  [46, listPartitionReassignmentsApi],
  [47, offsetDeleteApi],
  [48, describeClientQuotasApi],
  [49, alterClientQuotasApi],
  [50, describeUserScramCredentialsApi],
  [51, alterUserScramCredentialsApi],
  [55, describeQuorumApi],
  [57, updateFeaturesApi],
  [60, describeClusterApi],
  [61, describeProducersApi],
  [64, unregisterBrokerApi],
  [65, describeTransactionsApi],
  [66, listTransactionsApi],
  [68, consumerGroupHeartbeatApi],
  [69, consumerGroupDescribeApi],
  [71, getTelemetrySubscriptionsApi],
  [72, pushTelemetryApi],
  [74, listConfigResourcesApi],
  [75, describeTopicPartitionsApi],
  [76, shareGroupHeartbeatApi],
  [77, shareGroupDescribeApi],
  [78, shareFetchApi],
  [79, shareAcknowledgeApi],
  [80, addRaftVoterApi],
  [81, removeRaftVoterApi],
  [83, initializeShareGroupStateApi],
  [84, readShareGroupStateApi],
  [85, writeShareGroupStateApi],
  [86, deleteShareGroupStateApi],
  [87, readShareGroupStateSummaryApi],
  [88, streamsGroupHeartbeatApi],
  [89, streamsGroupDescribeApi],
  [90, describeShareGroupOffsetsApi],
  [91, alterShareGroupOffsetsApi],
  [92, deleteShareGroupOffsetsApi],
])
