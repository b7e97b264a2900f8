import ContentAddress
import FoundationEssentials
import HTTP
import ImageTransport
import NIOHTTP1
import OCI

extension BlobUpload {
    /// Ends an upload: PUT names the digest, and brings all bytes where none were sent before.
    func commit(_ place: URL, withBytes: Bool) throws(RegistryError) -> Outcome {
        let request = try commitRequest(place, withBytes)
        let answer: HTTPAnswer
        do {
            answer = try registry.perform(request)
        } catch {
            guard brokeOff(error) else { throw error }
            try fail(error)
            pause()
            if try isThere() { return .done }
            return withBytes && budget.failures > 1 ? .refused(error) : .lost
        }
        switch answer.status {
        case 200..<300:
            if let text = answer.field("Docker-Content-Digest"), let found = try? Digest(parsing: text),
                found != descriptor.digest
            {
                throw .digest(what: "\(what), as the registry has it,", expected: descriptor.digest, found: found)
            }
            answer.drain()
            return .done
        case 401, 403: throw refusal(answer)
        case _ where answer.isTemporaryFailure:
            let error = refusal(answer)
            try fail(error)
            try registry.pause(after: budget.failures, answer, request)
            if try isThere() { return .done }
            let isTooMuch = withBytes && descriptor.size > 0 && answer.mayBlameTheBody && budget.failures > 1
            return isTooMuch ? .refused(error) : .lost
        default:
            let error = refusal(answer)
            if withBytes { return .refused(error) }
            try fail(error)
            if answer.status == 404 || answer.status == 410 { return .lost }
            // Not all bytes are there, after all.
            guard sawShortRange, !trustsRange else { return .refused(error) }
            trustsRange = true
            return .lost
        }
    }

    private func commitRequest(_ place: URL, _ withBytes: Bool) throws(RegistryError) -> RegistryRequest {
        let separator = place.query == nil ? "?" : "&"
        guard let url = URL(string: "\(place.absoluteString)\(separator)digest=\(descriptor.digest)") else {
            throw .malformed(
                what: what,
                place: registry.location.host,
                reason: "'\(WrittenAddress.decode(place.absoluteString))' is not an address"
            )
        }
        var call = HTTPCall(method: .PUT, url: url, headers: Self.type, body: .bytes([]))
        if withBytes, descriptor.size > 0 { call.body = body(0..<descriptor.size) }
        return RegistryRequest(what: what, call: call, isRepeatable: false)
    }

    /// A part of the blob as a request's body.
    func body(_ range: Range<Int64>) -> HTTPCall.Body {
        .stream(count: range.upperBound - range.lowerBound) { [source] () throws(TransportError) in
            try source.reader(range)
        }
    }
}
