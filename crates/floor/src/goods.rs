//! Whom the simulated company buys from, and what. All names are invented; the VAT numbers use digits
//! that no tax office gives out.

use crate::money::Cents;

/// A supplier.
#[derive(Debug)]
pub struct Supplier {
    /// The name.
    pub name: &'static str,
    /// What its invoice numbers begin with.
    pub prefix: &'static str,
    /// The country's code.
    pub country: &'static str,
    /// The VAT number.
    pub vat: &'static str,
    /// The scheme of the VAT number as an electronic address.
    pub scheme: &'static str,
    /// Street, postal code and city.
    pub address: (&'static str, &'static str, &'static str),
    /// The account.
    pub iban: &'static str,
    /// Who answers questions there: name, telephone, e-mail.
    pub contact: (&'static str, &'static str, &'static str),
    /// What it sells.
    pub goods: &'static [Good],
}

/// Something that is sold.
#[derive(Debug)]
pub struct Good {
    /// The seller's item number.
    pub item: &'static str,
    /// The name.
    pub name: &'static str,
    /// The unit's code in UN/ECE recommendation 20.
    pub unit: &'static str,
    /// The price of one unit.
    pub price: Cents,
}

const fn good(item: &'static str, name: &'static str, unit: &'static str, price: i64) -> Good {
    let price = Cents(price);
    Good {
        item,
        name,
        unit,
        price,
    }
}

/// The suppliers.
pub(crate) const SUPPLIERS: &[Supplier] = &[
    Supplier {
        name: "Hagedorn Verpackungen GmbH",
        prefix: "HV",
        country: "DE",
        vat: "DE999000311",
        scheme: "9930",
        address: ("Kartonweg 3", "33602", "Bielefeld"),
        iban: "DE21999999990000031101",
        contact: (
            "Svenja Hagedorn",
            "+49 521 5550171",
            "rechnung@hagedorn-verpackungen.example",
        ),
        goods: &[
            good("HV-BX-40", "Folding box 400 x 300 x 200", "C62", 118),
            good("HV-BX-60", "Folding box 600 x 400 x 400", "C62", 214),
            good("HV-TAPE", "Packing tape, 66 m", "C62", 189),
            good("HV-WRAP", "Stretch film, 500 mm", "C62", 845),
            good("HV-PAL", "Pallet, treated", "C62", 1_690),
        ],
    },
    Supplier {
        name: "Fjordlys Elektro AS",
        prefix: "FE",
        country: "NO",
        vat: "NO999000312MVA",
        scheme: "9930",
        address: ("Kaigata 18", "5003", "Bergen"),
        iban: "NO2899990003120",
        contact: (
            "Ingrid Solheim",
            "+47 55 550 134",
            "faktura@fjordlys.example",
        ),
        goods: &[
            good("FE-LED-12", "LED tube 1200 mm", "C62", 1_240),
            good("FE-CBL-3", "Cable 3 x 1.5, per metre", "MTR", 96),
            good("FE-SW", "Switch, surface mounted", "C62", 730),
            good("FE-BAT", "Battery pack 12 V", "C62", 5_480),
        ],
    },
    Supplier {
        name: "Delacroix Fournitures SARL",
        prefix: "DF",
        country: "FR",
        vat: "FR99900031300",
        scheme: "9957",
        address: ("12 rue des Tanneurs", "59800", "Lille"),
        iban: "FR7699999000310000000031399",
        contact: (
            "Hugo Delacroix",
            "+33 3 55 50 01 82",
            "factures@delacroix.example",
        ),
        goods: &[
            good("DF-PAP-80", "Paper A4, 80 g, 500 sheets", "C62", 428),
            good("DF-TON-X", "Toner, black", "C62", 7_950),
            good("DF-FOLD", "Hanging folders, 25 pieces", "C62", 1_365),
            good("DF-CHAIR", "Office chair", "C62", 18_900),
        ],
    },
    Supplier {
        name: "Pomorska Stal Sp. z o.o.",
        prefix: "PS",
        country: "PL",
        vat: "PL9990003140",
        scheme: "9945",
        address: ("ul. Stoczniowa 7", "80-001", "Gdańsk"),
        iban: "PL61999900031400000000003149",
        contact: (
            "Ewa Pomorska",
            "+48 58 555 01 46",
            "faktury@pomorska-stal.example",
        ),
        goods: &[
            good("PS-ANG-40", "Angle steel 40 x 40 x 4", "MTR", 612),
            good("PS-SHT-2", "Sheet steel 2 mm", "MTK", 2_870),
            good("PS-BLT-8", "Bolt M8 x 30, galvanised", "C62", 24),
            good("PS-PIP-1", "Pipe 1 inch", "MTR", 935),
        ],
    },
    Supplier {
        name: "Aldgate Cleaning Ltd",
        prefix: "AC",
        country: "GB",
        vat: "GB999000315",
        scheme: "9932",
        address: ("5 Cooper's Row", "EC3N 2BQ", "London"),
        iban: "GB33XXXX99900031500003",
        contact: (
            "Priya Nair",
            "+44 20 5550 0177",
            "accounts@aldgate-cleaning.example",
        ),
        goods: &[
            good("AC-HR", "Cleaning, hour", "HUR", 2_950),
            good("AC-WIN", "Window cleaning, square metre", "MTK", 185),
            good("AC-MAT", "Door mat service, week", "WEE", 1_480),
        ],
    },
];
