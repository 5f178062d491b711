package sqldb_test

import (
	"os"
	"testing"

	"sekisho/internal/sqldb/sqldbtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(envChild) != "" {
		child()
		return
	}
	os.Exit(sqldbtest.Main(m))
}
