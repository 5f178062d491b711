package app

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sekisho/internal/surface"
)

// metrics are what operators watch. Labels are few and bounded; none names a person.
type metrics struct {
	http.Handler
	requests [surfaces][6]prometheus.Counter
	seconds  [surfaces]prometheus.Observer
}

// surfaces is how many kinds of surface there are.
const surfaces = surface.SignUp + 1

var surfaceNames = [surfaces]string{"unknown", "base", "api", "signin", "portal", "device", "console", "account-signin", "signup"}

func newMetrics() *metrics {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "sekisho_http_requests_total", Help: "Answered requests by surface and class of status.",
	}, []string{"surface", "status"})
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "sekisho_http_request_seconds", Help: "Time to answer by surface.",
		Buckets: []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5},
	}, []string{"surface"})
	reg.MustRegister(requests, seconds)
	m := &metrics{Handler: promhttp.HandlerFor(reg, promhttp.HandlerOpts{})}
	for kind, name := range surfaceNames {
		m.seconds[kind] = seconds.WithLabelValues(name)
		for class := range m.requests[kind] {
			m.requests[kind][class] = requests.WithLabelValues(name, strconv.Itoa(class)+"xx")
		}
	}
	return m
}

func (m *metrics) observe(kind surface.Kind, status int, took time.Duration) {
	m.requests[kind][min(status/100, 5)].Inc()
	m.seconds[kind].Observe(took.Seconds())
}
