use std::collections::HashMap;

use serde::Deserialize;

const BUNDLED: &str = include_str!("../../index-schema/companies-v1.toml");

/// Why a companies file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the companies file cannot be read: {0}")]
pub struct CompanyError(#[from] toml::de::Error);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "version")]
    _version: String,
    company: Vec<Company>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Company {
    name: String,
    #[serde(default)]
    services: Vec<String>,
    #[serde(default)]
    domains: Vec<String>,
}

/// Which services and domains belong to which company.
#[derive(Debug, Clone, Default)]
pub struct Companies {
    by_name: HashMap<String, String>,
    by_domain: HashMap<String, String>,
}

impl Companies {
    /// The companies that the binary carries.
    ///
    /// # Errors
    /// Never in a tested build: a test reads the same file.
    pub fn bundled() -> Result<Self, CompanyError> {
        let mut companies = Self::default();
        companies.add(BUNDLED)?;
        Ok(companies)
    }

    /// Adds what a file in TOML says; later words win.
    ///
    /// # Errors
    /// [`CompanyError`] if the form is wrong; nothing is added then.
    pub fn add(&mut self, text: &str) -> Result<(), CompanyError> {
        let file: File = toml::from_str(text)?;
        for company in file.company {
            for service in company.services {
                self.by_name.insert(fold(&service), company.name.clone());
            }
            for domain in company.domains {
                self.by_domain.insert(fold(&domain), company.name.clone());
            }
            self.by_name.entry(fold(&company.name)).or_insert(company.name);
        }
        Ok(())
    }

    /// The company behind a service, by its name or its domain (or a parent domain of it).
    #[must_use]
    pub fn find(&self, service: &str, domain: Option<&str>) -> Option<&str> {
        if let Some(company) = self.by_name.get(&fold(service)) {
            return Some(company);
        }
        let mut domain = fold(domain?);
        loop {
            if let Some(company) = self.by_domain.get(&domain) {
                return Some(company);
            }
            domain = domain.split_once('.')?.1.to_owned();
        }
    }
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_belongs_to_its_company() {
        let companies = Companies::bundled().expect("sound");
        assert_eq!(companies.find("instagram", None), Some("Meta"));
        assert_eq!(companies.find("Nobody's", Some("www.whatsapp.com")), Some("Meta"));
        assert_eq!(companies.find("Nobody's", Some("nobody.example")), None);
    }

    #[test]
    fn a_file_adds_to_the_bundled_one() {
        let mut companies = Companies::bundled().expect("sound");
        companies
            .add("version = \"1\"\n[[company]]\nname = \"Aldermoor\"\nservices = [\"Nimbus\"]\n")
            .expect("sound");
        assert_eq!(companies.find("nimbus", None), Some("Aldermoor"));
        assert_eq!(companies.find("Instagram", None), Some("Meta"));
    }
}
