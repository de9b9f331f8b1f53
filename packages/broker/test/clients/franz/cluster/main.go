// franz-go at several brokers, with SCRAM-SHA-256, while leaders change. An idempotent producer writes numbers until the standard
// input ends, and a member of a group reads them.
// main BROKERS USER PASSWORD; prints a line when it has started, and a line of JSON at the end.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

const partitions = 6

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func client(password string, options ...kgo.Opt) *kgo.Client {
	login := scram.Auth{User: os.Args[2], Pass: password}.AsSha256Mechanism()
	brokers := strings.Split(os.Args[1], ",")
	// The default is at most one metadata refresh in five seconds.
	options = append(options, kgo.SeedBrokers(brokers...), kgo.SASL(login), kgo.MetadataMinAge(100*time.Millisecond))
	made, err := kgo.NewClient(options...)
	must(err)
	return made
}

func main() {
	ctx := context.Background()
	result := map[string]any{}
	wrong := client("wrong")
	result["refused"] = errors.Is(wrong.Ping(ctx), kerr.SaslAuthenticationFailed)
	wrong.Close()
	producer := client(os.Args[3], kgo.RecordPartitioner(kgo.ManualPartitioner()))
	brokers, err := kadm.NewClient(producer).ListBrokers(ctx)
	must(err)
	result["brokers"] = len(brokers)

	var seen atomic.Int64
	inOrder := true
	go func() {
		read := map[int]bool{}
		last := make([]int, partitions)
		consumer := client(os.Args[3], kgo.ConsumerGroup("readers"), kgo.ConsumeTopics("t"))
		for {
			consumer.PollFetches(ctx).EachRecord(func(record *kgo.Record) {
				number, err := strconv.Atoi(string(record.Value))
				must(err)
				// After a lost commit, messages are read again. This is not counted as disorder.
				if !read[number] && number < last[record.Partition] {
					inOrder = false
				}
				read[number] = true
				last[record.Partition] = max(last[record.Partition], number)
			})
			if seen.Swap(int64(len(read))) == 0 && len(read) > 0 {
				fmt.Println("under way")
			}
		}
	}()

	var done atomic.Bool
	go func() {
		io.Copy(io.Discard, os.Stdin)
		done.Store(true)
	}()
	sent := 0
	for !done.Load() {
		for range 60 {
			record := &kgo.Record{Topic: "t", Partition: int32(sent % partitions), Value: fmt.Append(nil, sent)}
			producer.Produce(ctx, record, func(_ *kgo.Record, err error) { must(err) })
			sent++
		}
		must(producer.Flush(ctx))
	}
	for seen.Load() < int64(sent) {
		time.Sleep(20 * time.Millisecond)
	}
	result["sent"], result["read"], result["inOrder"] = sent, seen.Load(), inOrder
	line, err := json.Marshal(result)
	must(err)
	fmt.Println(string(line))
}
