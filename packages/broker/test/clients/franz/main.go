// franz-go: topics, a producer, two members of a group, transactions.
// main BROKER; prints one line of JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const count = 10_000

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func client(options ...kgo.Opt) *kgo.Client {
	made, err := kgo.NewClient(append(options, kgo.SeedBrokers(os.Args[1]))...)
	must(err)
	return made
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Second)
	defer cancel()
	result := map[string]any{}
	producer := client()
	admin := kadm.NewClient(producer)
	_, err := admin.CreateTopics(ctx, 4, 1, nil, "words", "ledger")
	must(err)
	for i := range count {
		record := &kgo.Record{Topic: "words", Key: fmt.Append(nil, i), Value: fmt.Append(nil, "value ", i)}
		producer.Produce(ctx, record, func(_ *kgo.Record, err error) { must(err) })
	}
	must(producer.Flush(ctx))

	committed := make(chan int, 1000)
	var members []*kgo.Client
	for range 2 {
		member := client(kgo.ConsumerGroup("readers"), kgo.ConsumeTopics("words"), kgo.DisableAutoCommit())
		members = append(members, member)
		go func() {
			for {
				fetches := member.PollFetches(ctx)
				if fetches.IsClientClosed() {
					return
				}
				must(fetches.Err())
				// Fails during a rebalance. The next owner of the partition reads the messages again.
				if member.CommitUncommittedOffsets(ctx) == nil {
					committed <- fetches.NumRecords()
				}
			}
		}()
	}
	for {
		groups, err := admin.DescribeGroups(ctx, "readers")
		must(err)
		lags, err := admin.Lag(ctx, "readers")
		must(err)
		lag := lags["readers"].Lag
		if len(groups["readers"].Members) == 2 && groups["readers"].State == "Stable" && lag.Total() == 0 && len(lag) > 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	read := 0
	for len(committed) > 0 {
		read += <-committed
	}
	result["readAll"] = read >= count
	for _, member := range members {
		member.Close()
	}

	transactional := client(kgo.TransactionalID("bank"))
	for i, end := range []kgo.TransactionEndTry{kgo.TryCommit, kgo.TryAbort, kgo.TryCommit} {
		must(transactional.BeginTransaction())
		record := &kgo.Record{Topic: "ledger", Partition: 0, Value: fmt.Append(nil, i)}
		must(transactional.ProduceSync(ctx, record).FirstErr())
		must(transactional.EndTransaction(ctx, end))
	}
	auditor := client(kgo.ConsumeTopics("ledger"), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	seen := map[string]bool{}
	for len(seen) < 2 {
		fetches := auditor.PollFetches(ctx)
		must(fetches.Err())
		fetches.EachRecord(func(record *kgo.Record) { seen[string(record.Value)] = true })
	}
	result["ledger"] = []bool{seen["0"], seen["1"], seen["2"]}
	line, err := json.Marshal(result)
	must(err)
	fmt.Println(string(line))
}
