// franz-go: produce|consume BROKER TOPIC MESSAGES SIZE. Prints one line of JSON.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	must(err)
	return value
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	what, broker, topic, messages, size := os.Args[1], os.Args[2], os.Args[3], number(os.Args[4]), number(os.Args[5])
	options := []kgo.Opt{kgo.SeedBrokers(broker)}
	if what == "produce" {
		options = append(options, kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.MaxBufferedRecords(100_000))
	} else {
		at := kgo.NewOffset().AtStart()
		options = append(options, kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(at))
	}
	client, err := kgo.NewClient(options...)
	must(err)
	defer client.Close()
	must(client.Ping(ctx))
	done := 0
	start := time.Now()
	if what == "produce" {
		value := bytes.Repeat([]byte("x"), size)
		for range messages {
			client.Produce(ctx, &kgo.Record{Topic: topic, Value: value}, func(_ *kgo.Record, err error) {
				must(err)
				done++
			})
		}
		must(client.Flush(ctx))
	} else {
		for done < messages {
			fetches := client.PollFetches(ctx)
			must(fetches.Err())
			done += fetches.NumRecords()
		}
	}
	line, err := json.Marshal(map[string]any{"messages": done, "seconds": time.Since(start).Seconds()})
	must(err)
	fmt.Println(string(line))
}
