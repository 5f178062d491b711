package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/store"
)

// GetContactInformation tells an account's primary contact.
func (s *Service) GetContactInformation(ctx context.Context, c *call.Call, in *awsaccount.GetContactInformationInput) (*awsaccount.GetContactInformationOutput, error) {
	var out awsaccount.GetContactInformationOutput
	err := s.view(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		contact, err := tx.Contact(a.ID)
		out.ContactInformation = wireContact(contact)
		return err
	})
	return &out, err
}

// PutContactInformation replaces an account's primary contact.
func (s *Service) PutContactInformation(ctx context.Context, c *call.Call, in *awsaccount.PutContactInformationInput) (*awsaccount.PutContactInformationOutput, error) {
	contact := contactOf(in.ContactInformation)
	err := s.update(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		if err := account.SetContact(tx, a.ID, contact); err != nil {
			return err
		}
		return s.tell(tx, a.ID, account.ContactChanged, c.Now)
	})
	return &awsaccount.PutContactInformationOutput{}, err
}

// GetAlternateContact tells whom to ask at an account in matters of a type.
func (s *Service) GetAlternateContact(ctx context.Context, c *call.Call, in *awsaccount.GetAlternateContactInput) (*awsaccount.GetAlternateContactOutput, error) {
	var out awsaccount.GetAlternateContactOutput
	err := s.view(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		contact, err := tx.AlternateContact(a.ID, account.ContactType(in.AlternateContactType))
		out.AlternateContact = &types.AlternateContact{
			AlternateContactType: types.AlternateContactType(contact.Type), Name: &contact.Name, Title: &contact.Title,
			EmailAddress: &contact.Email, PhoneNumber: &contact.Phone,
		}
		return err
	})
	return &out, err
}

// PutAlternateContact creates or replaces an account's contact of a type.
func (s *Service) PutAlternateContact(ctx context.Context, c *call.Call, in *awsaccount.PutAlternateContactInput) (*awsaccount.PutAlternateContactOutput, error) {
	contact := account.AlternateContact{
		Type: account.ContactType(in.AlternateContactType), Name: aws.ToString(in.Name), Title: aws.ToString(in.Title),
		Email: aws.ToString(in.EmailAddress), Phone: aws.ToString(in.PhoneNumber),
	}
	err := s.update(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		if err := account.SetAlternateContact(tx, a.ID, contact); err != nil {
			return err
		}
		return s.tell(tx, a.ID, account.ContactChanged, c.Now)
	})
	return &awsaccount.PutAlternateContactOutput{}, err
}

// DeleteAlternateContact removes an account's contact of a type.
func (s *Service) DeleteAlternateContact(ctx context.Context, c *call.Call, in *awsaccount.DeleteAlternateContactInput) (*awsaccount.DeleteAlternateContactOutput, error) {
	err := s.update(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		if err := tx.DeleteAlternateContact(a.ID, account.ContactType(in.AlternateContactType)); err != nil {
			return err
		}
		return s.tell(tx, a.ID, account.ContactChanged, c.Now)
	})
	return &awsaccount.DeleteAlternateContactOutput{}, err
}

func contactOf(w *types.ContactInformation) account.Contact {
	return account.Contact{
		FullName: aws.ToString(w.FullName), CompanyName: aws.ToString(w.CompanyName),
		AddressLine1: aws.ToString(w.AddressLine1), AddressLine2: aws.ToString(w.AddressLine2), AddressLine3: aws.ToString(w.AddressLine3),
		City: aws.ToString(w.City), DistrictOrCounty: aws.ToString(w.DistrictOrCounty), StateOrRegion: aws.ToString(w.StateOrRegion),
		PostalCode: aws.ToString(w.PostalCode), CountryCode: aws.ToString(w.CountryCode),
		Phone: aws.ToString(w.PhoneNumber), Website: aws.ToString(w.WebsiteUrl),
	}
}

func wireContact(c account.Contact) *types.ContactInformation {
	return &types.ContactInformation{
		FullName: &c.FullName, CompanyName: orNil(c.CompanyName),
		AddressLine1: &c.AddressLine1, AddressLine2: orNil(c.AddressLine2), AddressLine3: orNil(c.AddressLine3),
		City: &c.City, DistrictOrCounty: orNil(c.DistrictOrCounty), StateOrRegion: orNil(c.StateOrRegion),
		PostalCode: &c.PostalCode, CountryCode: &c.CountryCode,
		PhoneNumber: &c.Phone, WebsiteUrl: orNil(c.Website),
	}
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
