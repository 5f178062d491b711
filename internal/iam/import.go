package iam

import (
	"strconv"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/policy"
)

// ImportPolicy takes in one of AWS's managed policies, which from then on goes
// before the built-in one of that name. A document that is the same as the one in
// force changes nothing.
func ImportPolicy(tx Store, now time.Time, in awsmanaged.Policy) error {
	if err := CheckDocument(policy.AWSManagedPolicy, in.Document); err != nil {
		return err
	}
	number, err := strconv.Atoi(strings.TrimPrefix(in.DefaultVersion, "v"))
	if err != nil || number < 1 {
		number = 1
	}
	p, err := tx.PolicyByName(AWSAccount, in.Name)
	switch {
	case fault.Is(err, fault.NotFound):
		p = Policy{ID: in.ID, Account: AWSAccount, Path: in.Path, Name: in.Name, CreatedAt: in.CreatedAt}
		if p.ID == "" {
			p.ID = arn.NewUniqueID(arn.PrefixPolicy, "000000000000")
		}
	case err != nil:
		return err
	case p.ARN() != in.ARN:
		return fault.New(fault.AlreadyExists, "policy-name-taken", "%s was imported under that name already.", p.ARN())
	default:
		have, err := tx.PolicyVersion(p.ID, p.DefaultVersion)
		if err != nil {
			return err
		}
		if have.Document == in.Document {
			return nil
		}
		if err := tx.DeletePolicyVersion(p.ID, p.DefaultVersion); err != nil {
			return err
		}
		number = max(number, p.LastVersion+1)
	}
	p.Description, p.UpdatedAt = in.Description, now
	if p.CreatedAt.IsZero() {
		p.CreatedAt = now
	}
	p.DefaultVersion, p.LastVersion = number, number
	if err := tx.PutPolicy(p); err != nil {
		return err
	}
	return tx.PutPolicyVersion(PolicyVersion{Policy: p.ID, Number: number, Document: in.Document, CreatedAt: now})
}
