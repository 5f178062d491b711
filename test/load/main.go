// Command load measures what the server does for its clients over loopback,
// beside an empty net/http handler in the same run: machines are noisy, ratios
// hold. It also starts the built binary once, for start-up time and idle memory.
//
// Client and servers share the process and its cores, so the absolute numbers
// are lower than a client elsewhere would see.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sekisho/internal/app"
	"sekisho/internal/config"
)

func main() {
	duration := flag.Duration("time", 3*time.Second, "how long each case runs; at most 60s")
	conns := flag.Int("conns", 16, "connections; at most 256")
	org := flag.String("org", "examples/demo.yaml", "organisation file")
	bin := flag.String("bin", "bin/sekisho", "binary to start for start-up time and memory; empty for none")
	only := flag.String("only", "", "run only cases whose name contains this")
	profile := flag.String("cpuprofile", "", "file for a CPU profile of the whole run")
	flag.Parse()
	stop, err := startProfile(*profile)
	if err == nil {
		err = errors.Join(run(min(*duration, time.Minute), min(*conns, 256), *org, *bin, *only), stop())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// startProfile writes a CPU profile to the file of that name, if there is one,
// until stop is called.
func startProfile(name string) (stop func() error, err error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

func run(duration time.Duration, conns int, org, bin, only string) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	dir, err := os.MkdirTemp("", "sekisho-load-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	empty, err := serveEmpty(ctx)
	if err != nil {
		return err
	}
	s, addr, done, err := serve(ctx, dir, org)
	if err != nil {
		return err
	}
	cases, err := prepare(ctx, s, addr)
	if err != nil {
		return err
	}
	cases = append([]testCase{{name: "empty net/http handler", addr: empty, request: get("/", empty), status: 200}}, cases...)

	var base float64
	fmt.Printf("%-34s %12s %8s\n", "case", "requests/s", "ratio")
	for _, c := range cases {
		if base > 0 && only != "" && !strings.Contains(c.name, only) {
			continue
		}
		rate, err := measure(c, duration, conns)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if base == 0 {
			base = rate
		}
		fmt.Printf("%-34s %12.0f %8.2f\n", c.name, rate, rate/base)
	}
	const passwords = "passwords" // the flood's name among the cases
	if only == "" || strings.Contains(passwords, only) {
		if err := flood(ctx, s, addr, cases[1], duration); err != nil {
			return err
		}
	}
	stop()
	if err := <-done; err != nil {
		return err
	}
	if bin == "" {
		return nil
	}
	return startUp(bin, org, dir)
}

func serveEmpty(ctx context.Context) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), ReadHeaderTimeout: time.Minute}
	go func() { _ = srv.Serve(l) }()
	go func() { <-ctx.Done(); _ = srv.Close() }()
	return l.Addr().String(), nil
}

func serve(ctx context.Context, dir, org string) (*app.Server, string, <-chan error, error) {
	c := config.Server{Database: config.Database{Data: filepath.Join(dir, "data")}, Listen: "127.0.0.1:0", Domain: "localhost", Org: org, Dev: true, BehindProxy: true}
	s, err := app.New(ctx, c, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, "", nil, err
	}
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		err := s.Run(ctx, func(a net.Addr) { ready <- a.String() })
		done <- errors.Join(err, s.Close())
	}()
	select {
	case addr := <-ready:
		return s, addr, done, nil
	case err := <-done:
		return nil, "", nil, err
	}
}

// testCase is one request, sent over and over.
type testCase struct {
	name    string
	addr    string
	request []byte
	status  int // that every answer has to have
}

func get(path, host string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
}

// measure sends the request on conns connections for as long as d and returns
// answers a second. An answer of another status ends it.
func measure(c testCase, d time.Duration, conns int) (float64, error) {
	var (
		wg       sync.WaitGroup
		total    atomic.Int64
		firstErr atomic.Pointer[error]
	)
	until := time.Now().Add(d)
	started := time.Now()
	for range conns {
		wg.Go(func() {
			n, err := hammer(c, until)
			total.Add(n)
			if err != nil {
				firstErr.CompareAndSwap(nil, &err)
			}
		})
	}
	wg.Wait()
	if err := firstErr.Load(); err != nil {
		return 0, *err
	}
	return float64(total.Load()) / time.Since(started).Seconds(), nil
}

func hammer(c testCase, until time.Time) (n int64, err error) {
	conn, err := net.Dial("tcp", c.addr)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReaderSize(conn, 16<<10)
	status := fmt.Appendf(nil, "HTTP/1.1 %d ", c.status)
	for time.Now().Before(until) {
		if _, err := conn.Write(c.request); err != nil {
			return n, err
		}
		if err := readAnswer(in, status); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

var contentLength = []byte("Content-Length: ")

// readAnswer reads one answer with as little work as can be: the client must
// not be what is measured.
func readAnswer(in *bufio.Reader, status []byte) error {
	length, first := 0, true
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, status) {
			rest, _ := io.ReadAll(io.LimitReader(in, int64(in.Buffered())))
			return fmt.Errorf("answer: %s%s", line, rest)
		}
		first = false
		if bytes.HasPrefix(line, contentLength) {
			for _, b := range bytes.TrimSpace(line[len(contentLength):]) {
				length = length*10 + int(b-'0')
			}
		}
		if len(line) == 2 {
			_, err := in.Discard(length)
			return err
		}
	}
}

// startUp starts the binary twice: the second start finds its data and is the
// one that is told, with the memory it holds when idle.
func startUp(bin, org, dir string) error {
	if _, err := os.Stat(bin); err != nil {
		return fmt.Errorf("%s is not built: make build", bin)
	}
	for i := range 2 {
		cmd := exec.Command(bin, "serve", "--data", filepath.Join(dir, "bin-data"), "--listen", "127.0.0.1:0", "--org", org, "--dev")
		out, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		started := time.Now()
		if err := cmd.Start(); err != nil {
			return err
		}
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			return err
		}
		took := time.Since(started)
		if i == 1 {
			time.Sleep(2 * time.Second) // let start-up garbage go
			fmt.Printf("ready in %d ms; idle %s\n", took.Milliseconds(), residentMemory(cmd.Process.Pid))
		}
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}
	return nil
}

func residentMemory(pid int) string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return err.Error()
	}
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, "VmRSS:") || strings.HasPrefix(line, "RssAnon:") {
			return strings.Join(strings.Fields(line), " ")
		}
	}
	return "unknown"
}

func jsonBody(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // literals only
	}
	return string(raw)
}
