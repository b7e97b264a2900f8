package import ArtifactStore
import ContentAddress
import OCI

/// A place that something was published to, and what was found there, in JSON.
package struct PublishedPlaceShape: Encodable {
    let subject: String
    let place: String
    let digest: Digest
    let state: String?
    let reasons: [String]?
    let files: [PublishedPlace.File]
    let publishedAt: String
    let publishedBy: String
    let checkedAt: String?

    /// What was found now, and why.
    package init(_ place: PublishedPlace, state: PublishedPlace.State, reasons: [String]) {
        self.init(place, state: state, reasons: reasons, at: nil)
    }

    /// What the last look found.
    package init(_ place: PublishedPlace) {
        self.init(place, state: place.lastCheck?.state, reasons: nil, at: place.lastCheck?.at)
    }

    private init(_ place: PublishedPlace, state: PublishedPlace.State?, reasons: [String]?, at time: Timestamp?) {
        subject = place.subject
        self.place = place.place
        digest = place.digest
        self.state = state?.rawValue
        self.reasons = reasons
        files = place.files
        publishedAt = place.publishedAt.rfc3339
        publishedBy = place.publishedBy
        checkedAt = time?.rfc3339
    }
}
