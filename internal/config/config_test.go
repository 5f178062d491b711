package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"sekisho/internal/config"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		server config.Server
		want   string
		err    string
	}{
		{"defaults", config.Server{Listen: "127.0.0.1:8420", Domain: "localhost"}, "http://localhost:8420", ""},
		{"IPv6", config.Server{Listen: "[::1]:8420", Domain: "localhost"}, "http://localhost:8420", ""},
		{"localhost", config.Server{Listen: "localhost:80", Domain: "localhost"}, "http://localhost", ""},
		{"own domain", config.Server{Listen: "127.0.0.1:8420", Domain: "aws.test"}, "http://aws.test:8420", ""},
		{"domain with a port", config.Server{Listen: "127.0.0.1:8420", Domain: "localhost:9000"}, "http://localhost:9000", ""},
		{"certificate", config.Server{Listen: "0.0.0.0:443", Domain: "sso.example.com", TLSCert: "c", TLSKey: "k"}, "https://sso.example.com", ""},
		{"certificate on another port", config.Server{Listen: ":8443", Domain: "sso.example.com", TLSCert: "c", TLSKey: "k"}, "https://sso.example.com:8443", ""},
		{"proxy", config.Server{Listen: "0.0.0.0:8420", Domain: "sso.example.com", BehindProxy: true, PublicURL: "https://sso.example.com"}, "https://sso.example.com", ""},
		{"proxy, derived", config.Server{Listen: "0.0.0.0:8420", Domain: "sso.example.com", BehindProxy: true}, "https://sso.example.com", ""},
		{"public URL with a slash", config.Server{Listen: "127.0.0.1:8420", PublicURL: "http://aws.test:8420/"}, "http://aws.test:8420", ""},

		{"no port", config.Server{Listen: "127.0.0.1", Domain: "localhost"}, "", "must be host:port"},
		{"nothing to listen on", config.Server{Domain: "localhost"}, "", "must be host:port"},
		{"plain HTTP for all", config.Server{Listen: "0.0.0.0:8420", Domain: "localhost"}, "", "refusing plain HTTP on 0.0.0.0:8420"},
		{"plain HTTP on every address", config.Server{Listen: ":8420", Domain: "localhost"}, "", "refusing plain HTTP"},
		{"plain HTTP on IPv6", config.Server{Listen: "[::]:8420", Domain: "localhost"}, "", "refusing plain HTTP"},
		{"plain HTTP on a name", config.Server{Listen: "example.com:8420", Domain: "localhost"}, "", "refusing plain HTTP"},
		{"certificate without key", config.Server{Listen: "127.0.0.1:1", Domain: "localhost", TLSCert: "c"}, "", "go together"},
		{"key without certificate", config.Server{Listen: "127.0.0.1:1", Domain: "localhost", TLSKey: "k"}, "", "go together"},
		{"another scheme", config.Server{Listen: "127.0.0.1:1", PublicURL: "ftp://x"}, "", "--public-url"},
		{"no scheme", config.Server{Listen: "127.0.0.1:1", PublicURL: "sso.example.com"}, "", "--public-url"},
		{"no host", config.Server{Listen: "127.0.0.1:1", PublicURL: "http://"}, "", "--public-url"},
		{"only a port", config.Server{Listen: "127.0.0.1:1", PublicURL: "http://:8420"}, "", "--public-url"},
		{"a path", config.Server{Listen: "127.0.0.1:1", PublicURL: "http://x/aws"}, "", "--public-url"},
		{"a query", config.Server{Listen: "127.0.0.1:1", PublicURL: "http://x/?a"}, "", "--public-url"},
		{"a fragment", config.Server{Listen: "127.0.0.1:1", PublicURL: "http://x/#a"}, "", "--public-url"},
		{"a user", config.Server{Listen: "127.0.0.1:1", PublicURL: "http://u@x"}, "", "--public-url"},
		{"no domain", config.Server{Listen: "127.0.0.1:1"}, "", "--domain"},
		{"domain with a scheme", config.Server{Listen: "127.0.0.1:1", Domain: "http://x"}, "", "--domain"},
		{"domain with a path", config.Server{Listen: "127.0.0.1:1", Domain: "x/y"}, "", "--domain"},
	} {
		got, err := c.server.Public()
		switch {
		case c.err == "" && (err != nil || got.String() != c.want):
			t.Errorf("%s: %v, %v, want %s", c.name, got, err, c.want)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: %v, %v, want an error with %q", c.name, got, err, c.err)
		}
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSQL(t *testing.T) {
	t.Parallel()
	const dsn = "postgres://sekisho:pass@db/sekisho"
	for _, c := range []struct {
		name     string
		database config.Database
		want     string
		err      string
	}{
		{"SQLite", config.Database{Data: "data"}, "data/sekisho.db ", ""},
		{"URL", config.Database{Data: "d", Database: dsn}, "d/sekisho.db " + dsn, ""},
		{"other scheme", config.Database{Data: "d", Database: "postgresql://x"}, "d/sekisho.db postgresql://x", ""},
		{"file", config.Database{Data: "d", DatabaseFile: write(t, dsn+"\n")}, "d/sekisho.db " + dsn, ""},
		{"both", config.Database{Data: "d", Database: dsn, DatabaseFile: "x"}, "", "exclude each other"},
		{"no such file", config.Database{Data: "d", DatabaseFile: "/nonexistent/file"}, "", "no such file"},
		{"another database", config.Database{Data: "d", Database: "mysql://root:hunter2@db"}, "", "postgres:// URL"},
		{"another database in a file", config.Database{Data: "d", DatabaseFile: write(t, "host=db password=hunter2")}, "", "postgres:// URL"},
	} {
		got, err := c.database.SQL()
		switch {
		case c.err == "" && (err != nil || got.Path+" "+got.URL != c.want):
			t.Errorf("%s: %+v, %v", c.name, got, err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "hunter2")):
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if got := (config.Database{Data: "d"}).KeyFile(); got != filepath.Join("d", "master.key") {
		t.Errorf("key file %s", got)
	}
	if got := (config.Database{Data: "d", MasterKeyFile: "/run/key"}).KeyFile(); got != "/run/key" {
		t.Errorf("key file %s", got)
	}
}

func TestSMTPPassword(t *testing.T) {
	t.Parallel()
	if p, err := (config.Server{}).SMTPPassword(); err != nil || !p.Empty() {
		t.Errorf("none: %v", err)
	}
	if p, err := (config.Server{SMTPPasswordFile: write(t, " with spaces \r\n")}).SMTPPassword(); err != nil || p.Reveal() != " with spaces " {
		t.Errorf("%v", err)
	}
	if _, err := (config.Server{SMTPPasswordFile: "/nonexistent/file"}).SMTPPassword(); err == nil {
		t.Error("a file that is not there is ignored")
	}
}

// program is a command line like the real one.
type program struct {
	Config string   `env:"SEKISHO_CONFIG"`
	Serve  serveCmd `cmd:""`
}

type serveCmd struct {
	config.Server `embed:""`
}

func parser(t *testing.T, p *program, options ...kong.Option) *kong.Kong {
	t.Helper()
	k, err := kong.New(p, append(options, kong.Exit(func(int) {}), kong.Writers(new(strings.Builder), new(strings.Builder)))...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A setting that is silently ignored is one that somebody believes in.
func TestCheckEnvironment(t *testing.T) {
	t.Parallel()
	k := parser(t, new(program))
	for _, c := range []struct {
		environ []string
		want    string
	}{
		{nil, ""},
		{[]string{"PATH=/bin", "SEKISHO=x", "MY_SEKISHO_LISTEN=x", "sekisho_listen=x"}, ""},
		{[]string{"SEKISHO_LISTEN=127.0.0.1:1", "SEKISHO_DATABASE=", "SEKISHO_CONFIG=x"}, ""},
		{[]string{"SEKISHO_LISTN=127.0.0.1:1"}, `unknown environment variable SEKISHO_LISTN; did you mean "SEKISHO_LISTEN"?`},
		{[]string{"SEKISHO_PASSWORD=hunter2"}, "unknown environment variable SEKISHO_PASSWORD"},
		{[]string{"SEKISHO_="}, "unknown environment variable SEKISHO_"},
		{[]string{"SEKISHO_dev=1"}, `did you mean "SEKISHO_DEV"?`},
	} {
		err := config.CheckEnvironment(c.environ, k.Model)
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("%q: %v", c.environ, err)
		}
	}
}

func TestEveryFlagHasAVariable(t *testing.T) {
	t.Parallel()
	_ = kong.Visit(parser(t, new(program)).Model, func(n kong.Visitable, next kong.Next) error {
		if f, ok := n.(*kong.Flag); ok && f.Name != "help" {
			if want := config.EnvPrefix + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")); len(f.Envs) != 1 || f.Envs[0] != want {
				t.Errorf("--%s has the variables %q, want %s", f.Name, f.Envs, want)
			}
		}
		return next(nil)
	})
}

func TestLoadFile(t *testing.T) {
	t.Parallel()
	k := parser(t, new(program))
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"comment", "# nothing\n", ""},
		{"settings", "listen: 127.0.0.1:1\npublic-url: http://x\nbehind_proxy: true\ndata: ./d\n", ""},
		{"unknown key", "data: d\nlistn: x\n", `line 2: unknown key "listn"; did you mean "listen"?`},
		{"several unknown keys", "data: d\nzzzzzzzzz: 1\nyyyyyyyyy: 1\nxxxxxxxxx: 1\n", `line 2: unknown key "zzzzzzzzz"`},
		{"a flag that is none of the file's", "config: x\n", `unknown key "config"`},
		{"help", "help: true\n", `unknown key "help"`},
		{"twice", "data: a\ndata: b\n", "twice"},
		{"twice in two spellings", "public-url: http://a\npublic_url: http://b\n", "line 2: public_url is there twice"},
		{"a list", "data: [a]\n", "line 1: data must be a single value"},
		{"a mapping", "data:\n  a: b\n", "line 2: data must be a single value"},
		{"nothing", "data:\n", "line 1: data must be a single value"},
		{"list at the top", "- data\n", "must be a mapping of settings"},
		{"text at the top", "data\n", "must be a mapping of settings"},
		{"no YAML", "data: [\n", "yaml"},
		{"two documents", "data: a\n---\ndata: b\n", "second document"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := write(t, c.text)
			f, err := config.LoadFile(path)
			if err == nil {
				err = f.Validate(k.Model)
			}
			if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	if _, err := config.LoadFile("/nonexistent/file"); err == nil || !strings.Contains(err.Error(), "/nonexistent/file does not exist") {
		t.Errorf("%v", err)
	}
}

func FuzzLoadFile(f *testing.F) {
	for _, s := range []string{"", "listen: x", "a: [", "- x", "a: &a [*a]", "? [a]\n: b", "\xff"} {
		f.Add([]byte(s))
	}
	path := filepath.Join(f.TempDir(), "config.yaml")
	var p program
	k, err := kong.New(&p)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if loaded, err := config.LoadFile(path); err == nil {
			_ = loaded.Validate(k.Model)
		}
	})
}

// A flag is stronger than a variable, a variable than the file, the file than
// the default.
func TestPrecedence(t *testing.T) { // not parallel: it sets variables
	file, err := config.LoadFile(write(t, "listen: file:1\ndomain: file.test\nbehind_proxy: true\npublic-url: http://file.test\n"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("SEKISHO_LISTEN", "env:1")
	t.Setenv("SEKISHO_DOMAIN", "env.test")
	var p program
	if _, err := parser(t, &p, kong.Resolvers(file)).Parse([]string{"serve", "--listen", "flag:1"}); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(p.Serve.Listen, " ", p.Serve.Domain, " ", p.Serve.PublicURL, " ", p.Serve.BehindProxy, " ", p.Serve.Data, " ", p.Serve.LogFormat)
	if got != "flag:1 env.test http://file.test true ./sekisho-data text" {
		t.Errorf("%s", got)
	}
}
