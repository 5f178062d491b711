package accountsignin_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"sekisho/internal/accountsignin"
	"sekisho/internal/signin/signintest"
)

type request = accountsignin.Request

// recorder is a bare request to the sign-in host, for what other handlers call.
func recorder(t *testing.T, w *signintest.World) (*httptest.ResponseRecorder, *http.Request) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, w.Map.SignIn()+"/signup", nil)
	r.Header.Set("Test-Client-Ip", "198.51.100.9")
	return httptest.NewRecorder(), r
}
