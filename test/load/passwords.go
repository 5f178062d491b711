package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sekisho/internal/app"
)

// guessers is how many clients try passwords at once.
const guessers = 200

// flood measures what a signed call takes, from one client that waits for each
// answer, alone and while others try passwords at the sign-in page of IAM users:
// each try from an address of its own and for a name of its own, so that nothing
// but the server's own bounds holds them back.
func flood(ctx context.Context, s *app.Server, addr string, signed testCase, d time.Duration) error {
	quiet, err := latencies(signed, d)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var (
		wg             sync.WaitGroup
		looked, busy   atomic.Int64
		unexpected     atomic.Pointer[error]
		everybodyReady sync.WaitGroup
	)
	everybodyReady.Add(guessers)
	for i := range guessers {
		wg.Go(func() {
			g, err := newGuesser(ctx, s, addr, i)
			everybodyReady.Done()
			for n := 0; err == nil; n++ {
				var status int
				switch status, err = g.guess(ctx, n); status {
				case http.StatusUnprocessableEntity, http.StatusOK:
					looked.Add(1)
				case http.StatusTooManyRequests, http.StatusServiceUnavailable:
					busy.Add(1)
				case 0:
				default:
					err = fmt.Errorf("a guess is answered %d", status)
				}
			}
			if ctx.Err() == nil {
				unexpected.CompareAndSwap(nil, &err)
			}
		})
	}
	everybodyReady.Wait()
	before, started := looked.Load(), time.Now()
	loud, err := latencies(signed, d)
	rate := float64(looked.Load()-before) / time.Since(started).Seconds()
	stop()
	wg.Wait()
	if e := unexpected.Load(); e != nil {
		err = errors.Join(err, *e)
	}
	if err != nil {
		return err
	}
	fmt.Printf("%s, alone: %s\n", signed.name, quiet)
	fmt.Printf("%s, while %d clients try passwords (%.0f looked at a second, %d told to wait): %s, ratio of medians %.1f\n",
		signed.name, guessers, rate, busy.Load(), loud, float64(loud.median)/float64(quiet.median))
	return nil
}

// spread is how long answers took.
type spread struct{ median, p99 time.Duration }

func (s spread) String() string {
	return fmt.Sprintf("median %s, 99%% within %s", s.median.Round(time.Microsecond), s.p99.Round(time.Microsecond))
}

// latencies sends the request again and again for as long as d.
func latencies(c testCase, d time.Duration) (spread, error) {
	conn, err := net.Dial("tcp", c.addr)
	if err != nil {
		return spread{}, err
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReaderSize(conn, 16<<10)
	status := fmt.Appendf(nil, "HTTP/1.1 %d ", c.status)
	var took []time.Duration
	for until := time.Now().Add(d); time.Now().Before(until); {
		sent := time.Now()
		if _, err := conn.Write(c.request); err != nil {
			return spread{}, err
		}
		if err := readAnswer(in, status); err != nil {
			return spread{}, err
		}
		took = append(took, time.Since(sent))
	}
	slices.Sort(took)
	return spread{took[len(took)/2], took[len(took)*99/100]}, nil
}

// guesser is a browser at the sign-in page of IAM users.
type guesser struct {
	client  *http.Client
	form    url.Values
	address string
	origin  string
	number  int
}

var flowField = regexp.MustCompile(`name="flow" value="([^"]*)"`)

// maxPage bounds what is read of a page, in bytes.
const maxPage = 1 << 20

func newGuesser(ctx context.Context, s *app.Server, addr string, number int) (*guesser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, addr)
	}
	g := &guesser{address: s.Map.SignIn() + "/signin/iam?account=example", origin: s.Map.SignIn(), number: number, client: &http.Client{
		Jar: jar,
		// Whatever the names, it is this server, as its proxy reaches it: in clear.
		Transport:     &http.Transport{DialContext: dial, DialTLSContext: dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	_, body, err := g.send(ctx, http.MethodGet, nil, 0)
	if err != nil {
		return nil, err
	}
	m := flowField.FindStringSubmatch(body)
	if m == nil {
		return nil, errors.New("the sign-in page has no form")
	}
	g.form = url.Values{"flow": {m[1]}, "account": {"example"}}
	return g, nil
}

// guess tries one password for a name that nobody tried before.
func (g *guesser) guess(ctx context.Context, n int) (status int, err error) {
	g.form.Set("username", fmt.Sprintf("nobody-%d-%d", g.number, n))
	g.form.Set("password", fmt.Sprintf("Guess-%d-%d!", g.number, n))
	status, _, err = g.send(ctx, http.MethodPost, g.form, n)
	return status, err
}

func (g *guesser) send(ctx context.Context, method string, form url.Values, n int) (status int, body string, err error) {
	r, err := http.NewRequestWithContext(ctx, method, g.address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", g.origin)
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", g.number, n/250%250, n%250))
	res, err := g.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxPage))
	return res.StatusCode, string(raw), err
}
