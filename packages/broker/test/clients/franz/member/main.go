// Members of groups. They read a topic, commit, and print a line for each poll: GROUP VALUE VALUE ...
// main BROKER TOPIC GROUP=PROTOCOL ...; all leave at the end of the standard input.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func read(member *kgo.Client, group string) {
	for {
		fetches := member.PollFetches(context.Background())
		if fetches.IsClientClosed() {
			return
		}
		line := []string{group}
		fetches.EachRecord(func(record *kgo.Record) { line = append(line, string(record.Value)) })
		if len(line) > 1 {
			fmt.Println(strings.Join(line, " "))
			// Fails during a rebalance. The next owner of the partition reads the messages again.
			_ = member.CommitUncommittedOffsets(context.Background())
		}
	}
}

func main() {
	var reading sync.WaitGroup
	var members []*kgo.Client
	for _, spec := range os.Args[3:] {
		group, protocol, _ := strings.Cut(spec, "=")
		options := []kgo.Opt{
			kgo.SeedBrokers(os.Args[1]), kgo.ConsumerGroup(group), kgo.ConsumeTopics(os.Args[2]), kgo.DisableAutoCommit(),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		}
		if protocol == "classic" {
			options = append(options, kgo.Balancers(kgo.RangeBalancer()),
				kgo.SessionTimeout(5*time.Second), kgo.HeartbeatInterval(300*time.Millisecond))
		} else {
			options = append(options, kgo.Balancers(kgo.StickyBalancer()), kgo.ServerSideBalancer())
		}
		member, err := kgo.NewClient(options...)
		if err != nil {
			panic(err)
		}
		members = append(members, member)
		reading.Go(func() { read(member, group) })
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	for _, member := range members {
		member.Close()
	}
	reading.Wait()
}
