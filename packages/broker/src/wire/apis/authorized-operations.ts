// What a client may do, as bits of Kafka's AclOperation: everything, because there is nobody to forbid anything. As Kafka tells it that has
// no authorizer.

export const TOPIC_OPERATIONS = 0xdf8
export const GROUP_OPERATIONS = 0xd48
export const CLUSTER_OPERATIONS = 0x1fa0
