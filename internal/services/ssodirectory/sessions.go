package ssodirectory

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// ListUserSessions lists the sign-ins of a person that are not over, newest first.
func (s *Service) ListUserSessions(ctx context.Context, c *call.Call, in *ListUserSessionsInput) (*ListUserSessionsOutput, error) {
	p, err := wanted(in.NextToken)
	if err != nil {
		return nil, wireError(err)
	}
	out := &ListUserSessionsOutput{}
	err = s.view(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		u, err := person(tx, inst, in.UserId)
		if err != nil {
			return err
		}
		all, err := tx.SessionsOf(u.ID)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(s session.Session) bool { return s.Kind != session.Person || !s.Live(c.Now) })
		if i := slices.IndexFunc(all, func(s session.Session) bool { return s.ID == p.After }); i >= 0 {
			all = all[i+1:]
		}
		out.Sessions = make([]UserSession, 0, min(len(all), p.Limit))
		for _, s := range all[:min(len(all), p.Limit)] {
			out.Sessions = append(out.Sessions, UserSession{
				SessionId: aws.String(s.ID), CreatedAt: wireTime(s.CreatedAt), ExpiresAt: wireTime(s.ExpiresAt),
				SourceIp: aws.String(s.SourceIP), UserAgent: aws.String(s.UserAgent), Kind: aws.String("PORTAL"),
			})
		}
		if len(all) > p.Limit {
			out.NextToken = next(all[p.Limit-1].ID)
		}
		return nil
	})
	return out, err
}

// EndUserSessions ends sign-ins of a person with all that came of them: cookies,
// the CLI's tokens, role sessions. One that is over already does not matter; one of
// somebody else is NotFound.
func (s *Service) EndUserSessions(ctx context.Context, c *call.Call, in *EndUserSessionsInput) (*EndUserSessionsOutput, error) {
	err := s.update(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		u, err := person(tx, inst, in.UserId)
		if err != nil {
			return err
		}
		for _, id := range in.SessionIds {
			found, err := tx.Session(id)
			if err == nil && found.User != u.ID || fault.Is(err, fault.NotFound) {
				return fault.New(fault.NotFound, "no-session", "The user has no session %s.", id)
			}
			if err != nil {
				return err
			}
			if err := tx.EndSession(id, c.Now, session.EndedByAdmin); err != nil {
				return err
			}
		}
		return tx.DropTrustedBrowsers(u.ID) // who was signed out proves everything again
	})
	return &EndUserSessionsOutput{}, err
}
