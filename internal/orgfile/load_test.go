package orgfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"sekisho/internal/orgfile"
	"sekisho/internal/sqldb"
	"sekisho/internal/store/storetest"
)

// BenchmarkApplyFile applies the file that SEKISHO_LOAD_FILE names, as test/load/orgfile
// writes it, to an empty database, SQLite or the one at SEKISHO_LOAD_URL, then again:
//
//	go test ./internal/orgfile -run '^$' -bench ApplyFile -benchtime 1x -timeout 1h
func BenchmarkApplyFile(b *testing.B) {
	path := os.Getenv("SEKISHO_LOAD_FILE")
	if path == "" {
		b.Skip("SEKISHO_LOAD_FILE names no file")
	}
	for b.Loop() {
		c := sqldb.Config{Path: filepath.Join(b.TempDir(), "sekisho.db")}
		if url := os.Getenv("SEKISHO_LOAD_URL"); url != "" {
			c = sqldb.Config{URL: url}
		}
		started := time.Now()
		f, err := orgfile.Read(path)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(started).Seconds(), "s/read")
		a := &orgfile.Applier{Store: storetest.OpenAt(b, c, storetest.NewRing(b))}
		for _, what := range []string{"s/first", "s/again"} {
			started = time.Now()
			if _, err := a.Apply(b.Context(), f, now); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(time.Since(started).Seconds(), what)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.Sys>>20), "MiB")
	}
}
