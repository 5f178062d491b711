package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sekisho/internal/app"
	"sekisho/internal/audit"
	"sekisho/internal/authz"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/policy"
	"sekisho/internal/store"
)

type policyCmd struct {
	Lint    policyLintCmd    `cmd:"" help:"Find what AWS refuses in policy documents, and what is dangerous."`
	Eval    policyEvalCmd    `cmd:"" help:"Decide the requests of scenario files with the engine that enforces."`
	Explain policyExplainCmd `cmd:"" help:"Show why a call was refused, by the decision id that its caller was given."`
}

type policiesCmd struct {
	Import policiesImportCmd `cmd:"" help:"Take in AWS managed policies from a directory of JSON documents."`
}

// policyKinds are the kinds of document by the name on the command line.
var policyKinds = map[string]policy.Kind{
	"identity": policy.IdentityPolicy, "resource": policy.ResourcePolicy, "trust": policy.TrustPolicy,
	"scp": policy.ServiceControlPolicy, "rcp": policy.ResourceControlPolicy,
}

type policyLintCmd struct {
	Errors bool     `help:"Fail only for what AWS would refuse, not for security warnings."`
	Kind   string   `enum:"identity,resource,trust,scp,rcp" default:"identity" help:"Where the documents are to stand: ${enum}."`
	Files  []string `arg:"" name:"file" help:"JSON documents; - is standard input."`
}

// maxDocument is the most bytes of a document that are read at all.
const maxDocument = 1 << 20

// Run prints a line for each finding and fails if AWS would refuse a document or
// if one is dangerous.
func (c *policyLintCmd) Run(e *env) error {
	bad := 0
	for _, name := range c.Files {
		document, err := readDocument(name)
		if err != nil {
			return err
		}
		for _, f := range policy.Lint(policyKinds[c.Kind], document) {
			if f.Severity == policy.SeverityError || f.Severity == policy.SeveritySecurity && !c.Errors {
				bad++
			}
			if _, err := fmt.Fprintf(e.out, "%s:%d:%d: %s %s: %s\n", name, f.Line, f.Column, f.Severity, f.Code, f.Message); err != nil {
				return err
			}
		}
	}
	if bad > 0 {
		return errors.New(count(bad, "finding") + " to mend: AWS refuses errors, and security warnings grant more than is safe")
	}
	return nil
}

// count is a number of things in English.
func count(n int, noun string) string {
	stem, y := strings.CutSuffix(noun, "y")
	switch {
	case n == 1:
		return "1 " + noun
	case y:
		return fmt.Sprint(n, " ", stem, "ies")
	}
	return fmt.Sprint(n, " ", noun, "s")
}

func readDocument(name string) (string, error) {
	in := io.Reader(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err == nil && len(b) > maxDocument {
		err = fmt.Errorf("%s: more than %d bytes", name, maxDocument)
	}
	return string(b), err
}

type policyExplainCmd struct {
	config.Database `embed:""`
	ID              string `arg:"" optional:"" name:"decision-id" help:"What the header x-sekisho-decision-id of the refusal said; the latest refusal without one."`
	JSON            bool   `name:"json" help:"Print the whole explanation as JSON."`
}

// explainWithin is how long a refusal may take to be stored: a server writes
// them once a second.
const explainWithin = 3 * time.Second

// Run prints the policies that were considered and what decided.
func (c *policyExplainCmd) Run(e *env) error {
	var ev audit.Event
	err := withData(e.ctx, c.Database, false, func(b *app.Base) (err error) {
		ev, err = c.find(e.ctx, b.Store)
		return err
	})
	if err != nil {
		return err
	}
	if ev.Decision == "" {
		return fmt.Errorf("the refusal was one of many, of which only the first of a minute are explained: %s", ev.ErrorReason)
	}
	if c.JSON {
		_, err := fmt.Fprintln(e.out, ev.Decision)
		return err
	}
	var x authz.Explanation
	if err := json.Unmarshal([]byte(ev.Decision), &x); err != nil {
		return fmt.Errorf("the explanation cannot be read: %w", err)
	}
	_, err = io.WriteString(e.out, explained(ev, x))
	return err
}

// find waits a moment for a refusal that has just been made.
func (c *policyExplainCmd) find(ctx context.Context, db store.DB) (ev audit.Event, err error) {
	for end := time.Now().Add(explainWithin); ; {
		err = db.View(ctx, func(tx store.Tx) (err error) {
			if c.ID != "" {
				ev, err = tx.Decision(c.ID)
				return err
			}
			latest, err := tx.Events(store.EventFilter{Refused: true, Limit: 1})
			if err == nil && len(latest) == 0 {
				err = fault.New(fault.NotFound, "no-refusal", "No call has been refused by policy.")
			}
			if err == nil {
				ev = latest[0]
			}
			return err
		})
		if !fault.Is(err, fault.NotFound) || time.Now().After(end) {
			return ev, err
		}
		select {
		case <-ctx.Done():
			return ev, ctx.Err()
		case <-time.After(explainWithin / 10):
		}
	}
}

// explained is an explanation for people.
func explained(ev audit.Event, x authz.Explanation) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s  %s  request %s from %s", ev.At.Format(time.RFC3339), ev.Name, ev.RequestID, ev.SourceIP)
	line("principal  %s", x.Principal)
	line("action     %s", x.Action)
	line("resource   %s", x.Resource)
	line("decision   %s: %s", x.Decision, x.Reason)
	b.WriteString(layersText(x.Explanation))
	if x.MatchedOnly {
		line("\nThere was too much to keep: statements that do not match are left out.")
	}
	if len(x.Missing) > 0 {
		line("\nkeys that policies name and the request does not have: %s", strings.Join(x.Missing, ", "))
	}
	return b.String()
}

// layersText is what every layer of policies said.
func layersText(x policy.Explanation) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	for _, l := range x.Layers {
		level := ""
		if l.Level > 0 {
			level = fmt.Sprintf(" (level %d)", l.Level)
		}
		line("\n%s%s: %s", l.Layer, level, l.Verdict)
		if len(l.Sources) == 0 {
			line("  no policies")
		}
		for _, s := range l.Sources {
			line("  %s %s", s.Name, s.Owner)
			for _, st := range s.Statements {
				line("    %s", statementLine(st))
				for _, m := range st.Mismatch {
					line("      %s: %s", strings.TrimSpace(m.Element+" "+m.Operator+" "+m.Key), m.Detail)
				}
			}
		}
	}
	return b.String()
}

func statementLine(st policy.StatementExplanation) string {
	name := fmt.Sprintf("statement %d", st.Index)
	if st.Sid != "" {
		name += " " + st.Sid
	}
	if st.Matched {
		return name + " " + st.Effect + ": matches"
	}
	return name + " " + st.Effect + ": does not match"
}

type policiesImportCmd struct {
	config.Database `embed:""`
	Directory       string `arg:"" type:"existingdir" help:"Documents as get-policy-version prints them, or bare ones named by their file."`
}

// Run imports all policies in one transaction. They go before those that are
// built in.
func (c *policiesImportCmd) Run(e *env) error {
	policies, err := awsmanaged.ReadDir(os.DirFS(filepath.Clean(c.Directory)))
	if err != nil {
		return err
	}
	now := clock.System{}.Now()
	ev := &audit.Event{At: now, Source: "sekisho", Name: "ImportPolicies", UserName: "operator", Count: 1}
	ev.Set("policies", fmt.Sprint(len(policies)))
	err = withData(e.ctx, c.Database, false, func(b *app.Base) error {
		return b.Store.Update(e.ctx, ev, func(tx store.Tx) error {
			for _, p := range policies {
				if err := iam.ImportPolicy(tx, now, p); err != nil {
					return fmt.Errorf("%s: %w", p.ARN, err)
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.out, count(len(policies), "managed policy"), "imported")
	return err
}
