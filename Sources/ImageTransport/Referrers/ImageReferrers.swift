package import ContentAddress
import OCI

/// What refers to an image's manifests: signatures, attestations, SBOMs, and what refers to those.
///
/// They are found and read before anything is written; what is beyond the bounds or can't be read is named.
package struct ImageReferrers: Sendable {
    /// A referrer, whose subject is the image's, or is referred to by an earlier one.
    package struct Referrer: Sendable {
        package let source: ReferrerSource
        package let outline: ImageOutline
        package let subject: Digest
    }

    /// Each after its subject.
    package private(set) var all: [Referrer] = []
    /// What doesn't travel, a line for each.
    package private(set) var leftOut: [String] = []

    /// The most referrers of one subject.
    package static let largestCount = 64
    /// How far referrers of referrers are followed, the image's own counted.
    static let largestDepth = 4
    /// The most bytes of one, its documents included.
    static let largestSize: Int64 = 16 << 20
    /// The most of all, and the most manifests that are asked about.
    static let largestTotal = 1024

    /// None.
    package init() {}

    /// Finds what refers to an image's root, its manifests, and its nested indexes.
    package init(to image: ImageOutline, in source: any ImageSource) {
        var seen = image.documents
        var subjects = image.blobs.filter { image.documents.contains($0.digest) }
        for depth in 0..<Self.largestDepth {
            var found: [Descriptor] = []
            if subjects.count > Self.largestTotal {
                leftOut.append("what refers to all but the first \(Self.largestTotal) manifests")
            }
            for subject in subjects.prefix(Self.largestTotal) {
                // Nobody attaches anything by a tag to what isn't run.
                let mayHaveTags = depth == 0 && subject.platform?.os != "unknown"
                found += read(to: subject, in: source, withTags: mayHaveTags, &seen)
            }
            subjects = found
        }
        if !subjects.isEmpty {
            leftOut.append("what refers to referrers of depth \(Self.largestDepth)")
        }
    }

    // The referrers that were added.
    private mutating func read(
        to subject: Descriptor,
        in source: any ImageSource,
        withTags: Bool,
        _ seen: inout Set<Digest>
    ) -> [Descriptor] {
        let listed: [Descriptor]
        do throws(TransportError) {
            listed = try withTags ? source.attached(to: subject) : source.referrers(to: subject)
        } catch {
            leftOut.append("what refers to \(subject.digest.short): \(error)")
            return []
        }
        var added: [Descriptor] = []
        // Those that can't be read count, too: each may be a request.
        var tried = 0
        let named = Self.named(in: listed)
        for descriptor in listed {
            if let tag = descriptor.cosignTag, let last = named[tag], last != descriptor.digest {
                leftOut.append("the manifest \(descriptor.digest.short): the tag \(tag.text) names \(last.short) now")
                continue
            }
            guard seen.insert(descriptor.digest).inserted else {
                if let tag = descriptor.cosignTag, subject.digest == tag.subject {
                    leftOut.append("the tag \(tag.text): its manifest is attached to another one, too")
                }
                continue
            }
            do throws(TransportError) {
                guard tried < Self.largestCount, all.count < Self.largestTotal else {
                    leftOut.append("referrers of \(subject.digest.short) beyond the first \(tried)")
                    return added
                }
                tried += 1
                let referrer = try ReferrerSource(source, descriptor, subject: subject.digest)
                let outline = try ImageOutline(of: referrer)
                try Self.checkSize(of: outline)
                all.append(Referrer(source: referrer, outline: outline, subject: subject.digest))
                added.append(outline.root.descriptor)
            } catch {
                leftOut.append("the referrer \(descriptor.digest.short) of \(subject.digest.short): \(error)")
            }
        }
        return added
    }

    /// What each tag names: one manifest, the last that is listed.
    private static func named(in listed: [Descriptor]) -> [CosignTag: Digest] {
        Dictionary(listed.compactMap { entry in entry.cosignTag.map { ($0, entry.digest) } }) { _, last in last }
    }

    /// Throws for one that is larger than what travels.
    static func checkSize(of outline: ImageOutline) throws(TransportError) {
        var size: Int64 = 0
        for blob in outline.blobs {
            let (sum, overflow) = size.addingReportingOverflow(blob.size)
            guard blob.size >= 0, !overflow, sum <= largestSize else {
                throw .tooLarge(what: "what is in it", size: overflow ? .max : sum, limit: largestSize)
            }
            size = sum
        }
    }
}
