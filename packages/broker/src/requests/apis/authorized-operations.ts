// The operations that a client may perform, as bits of Kafka's AclOperation. Like Kafka without an authorizer, the broker allows all.

export const TOPIC_OPERATIONS = 0xdf8
export const GROUP_OPERATIONS = 0xd48
export const CLUSTER_OPERATIONS = 0x1fa0
