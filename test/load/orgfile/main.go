// Command orgfile writes an organisation file of any size, always the same for the
// same flags, for measuring how long it takes to apply:
//
//	go run ./test/load/orgfile > big.yaml
//	time sekisho org apply --data-dir /tmp/big big.yaml
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
)

// size is how much of everything there is.
type size struct{ accounts, users, groups, members, sets, perAccount, principals int }

func main() {
	var s size
	flag.IntVar(&s.accounts, "accounts", 10_000, "member accounts")
	flag.IntVar(&s.users, "users", 100_000, "people")
	flag.IntVar(&s.groups, "groups", 5_000, "groups")
	flag.IntVar(&s.members, "members", 40, "members of each group")
	flag.IntVar(&s.sets, "sets", 200, "permission sets")
	flag.IntVar(&s.perAccount, "sets-per-account", 10, "permission sets assigned in each account")
	flag.IntVar(&s.principals, "principals", 10, "users and groups assigned to each of them, half of each")
	flag.Parse()
	w := bufio.NewWriterSize(os.Stdout, 1<<20)
	s.write(w)
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// step spreads what is assigned over everybody.
const step = 7919

func (s size) write(w io.Writer) {
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	line("organization:\n  management_account: {id: \"111122223333\", name: Big, email: root@example.com}\n  accounts:")
	for i := range s.accounts {
		line("    - {id: \"%012d\", name: A%d, email: a%d@example.com, ou: Unit%d/Part%d}", 300_000_000_000+i, i, i, i%20, i%200/20)
	}
	line("identity_center:\n  users:")
	for i := range s.users {
		line("    - {username: u%d, given_name: Given%d, family_name: Family%d, email: u%d@example.com}", i, i%1000, i/1000, i)
	}
	line("  groups:")
	for i := range s.groups {
		_, _ = fmt.Fprintf(w, "    - {name: g%d, members: [u%d", i, i*step%s.users)
		for m := 1; m < s.members; m++ {
			_, _ = fmt.Fprintf(w, ", u%d", (i*step+m)%s.users)
		}
		line("]}")
	}
	line("  permission_sets:")
	for i := range s.sets {
		line("    - {name: Set%d, managed_policies: [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]}", i)
	}
	line("  assignments:")
	for a := range s.accounts {
		for p := range s.perAccount {
			s.assignment(w, a, p)
		}
	}
}

func (s size) assignment(w io.Writer, account, set int) {
	groups, users := "", ""
	for i := range s.principals / 2 {
		n := (account*s.perAccount+set)*s.principals + i
		if i > 0 {
			groups, users = groups+", ", users+", "
		}
		groups += fmt.Sprintf("g%d", n%s.groups)
		users += fmt.Sprintf("u%d", n*step%s.users)
	}
	_, _ = fmt.Fprintf(w, "    - {account: A%d, permission_set: Set%d, groups: [%s], users: [%s]}\n", account, (account+set*17)%s.sets, groups, users)
}
