// A member of a group: it reads a topic, commits, and prints what it has read, a line for each poll: GROUP VALUE VALUE ...
// main BROKER TOPIC GROUP; it leaves at the end of the standard input.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	broker, topic, group := os.Args[1], os.Args[2], os.Args[3]
	member, err := kgo.NewClient(
		kgo.SeedBrokers(broker), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.Balancers(kgo.RangeBalancer()),
		kgo.SessionTimeout(5*time.Second), kgo.HeartbeatInterval(300*time.Millisecond),
	)
	if err != nil {
		panic(err)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		member.Close()
	}()
	for {
		fetches := member.PollFetches(context.Background())
		if fetches.IsClientClosed() {
			return
		}
		line := []string{group}
		fetches.EachRecord(func(record *kgo.Record) { line = append(line, string(record.Value)) })
		if len(line) > 1 {
			fmt.Println(strings.Join(line, " "))
			// Fails in the middle of a rebalance; who has the partition next reads it again.
			_ = member.CommitUncommittedOffsets(context.Background())
		}
	}
}
