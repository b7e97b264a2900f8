package import ImageFileSystem

/// What advisories say of an image's platform: a package that is affected, or what wasn't compared with them.
package struct AdvisoryFinding: Sendable {
    package let platform: String
    /// The program; nil for a distribution's package.
    package let path: FilePath?
    package let message: String
    /// The package's version; nil for what wasn't compared.
    package let version: String?
    /// The version to take; nil where there is none yet.
    package let fixed: String?

    package init(platform: String, path: FilePath?, message: String, version: String? = nil, fixed: String? = nil) {
        self.platform = platform
        self.path = path
        self.message = message
        self.version = version
        self.fixed = fixed
    }
}

extension ImageAudit {
    /// The same audit with what advisories say of the image.
    package func adding(affected: [AdvisoryFinding], notCompared: [AdvisoryFinding]) -> ImageAudit {
        func findings(_ code: FindingCode, _ all: [AdvisoryFinding]) -> [Finding] {
            all.map { item in
                Finding(
                    code,
                    platform: item.platform,
                    path: item.path,
                    item.message,
                    found: item.version,
                    expected: item.fixed
                )
            }
        }
        return adding(findings(.vulnerable, affected) + findings(.notCompared, notCompared))
    }

    /// The same audit with further findings, which leave the verdict as it is.
    func adding(_ more: [Finding]) -> ImageAudit {
        ImageAudit(
            reference: reference,
            digest: digest,
            mediaType: mediaType,
            platforms: platforms,
            findings: (findings + more).sortedByWeight(),
            attestationCount: attestationCount,
            verdict: verdict,
            basis: basis,
            event: event
        )
    }
}
