import ContentAddress
import FoundationEssentials
import HTTP
import NIOHTTP1
import OCI
import Synchronization
import SystemIO

/// A client of one bucket that speaks S3 (Amazon S3 API reference, version 2006-03-01).
///
/// Calls block. Keys are without the location's prefix, which is put before each. What is sent is in memory, signed with its digest,
/// and is sent again after failures that may pass: with pauses of random length, and within a budget that all calls of a
/// client share, so that an endpoint that is down is not asked ever more.
package final class ObjectStorageClient: Sendable {
    /// The place.
    package let location: ObjectLocation
    let address: ObjectAddress
    private let chain: CredentialChain
    private let link: HTTPLink
    private let retry: RetryPolicy
    private let budget = RetryBudget()

    /// The longest document that is read as an answer, in bytes.
    static let largestAnswer = 8 << 20

    /// A client of a place; nothing is asked yet.
    package init(_ location: ObjectLocation, _ options: ObjectStorageOptions) throws(ObjectStorageError) {
        let environment = options.http.environment
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        let profile = try Profile(environment: environment)?.values
        self.location = location
        address = try ObjectAddress(
            location,
            region: value("AWS_REGION", "AWS_DEFAULT_REGION") ?? profile?["region"],
            endpoint: value("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") ?? profile?["endpoint_url"]
        )
        guard address.isProtected || options.http.isInsecure else {
            throw .location(address.origin, rule: "https:// is expected; --insecure allows plain HTTP")
        }
        chain = CredentialChain(options, region: address.region)
        link = try HTTPLink(opening: options.http)
        retry = options.retry
    }

    /// Scheme and host that are asked.
    package var endpoint: String { address.origin }
    /// What signatures name.
    package var region: String { address.region }
    /// Seconds since 1970.
    func now() -> Int64 { retry.now() }
    /// What requests are signed with: name and source.
    package func credentials() throws(ObjectStorageError) -> AccessKey { try chain.key() }

    /// Sends a request until it has an answer that isn't a failure that may pass.
    ///
    /// Throws what any status of 300 and more means.
    func perform(_ request: ObjectRequest, at url: URL? = nil) throws(ObjectStorageError) -> HTTPAnswer {
        var failures = 0
        while true {
            let key = try chain.key()
            var call = try signed(request, key)
            if let url { call.url = url }
            let answer: HTTPAnswer
            do {
                answer = try link.send(call)
            } catch {
                let failure = self.failure(error, request)
                // A connection that wasn't made brought nothing there.
                guard error.isTemporary, request.isRepeatable || error.isOfConnection else { throw failure }
                // Nobody is there, or each attempt takes its time: a few are enough.
                let isShort = error.isOfConnection || error.isSlow
                try pause(&failures, failure, attempts: isShort ? RetryPolicy.slowAttempts : .max, nil)
                continue
            }
            guard answer.status >= 300 else {
                budget.refund()
                return answer
            }
            let failure = ObjectStorageFailure(answer).error(request, self, key)
            guard answer.isTemporaryFailure, request.isRepeatable else { throw failure }
            try pause(&failures, failure, attempts: .max, answer.field("Retry-After"))
        }
    }

    private func pause(
        _ failures: inout Int,
        _ failure: ObjectStorageError,
        attempts: Int,
        _ asked: String?
    ) throws(ObjectStorageError) {
        failures += 1
        let wait = asked.flatMap { RetryAfter.seconds($0, now: retry.now()) } ?? 0
        guard failures < min(retry.attempts, attempts), wait <= retry.largestWait, budget.spend() else { throw failure }
        retry.sleep(max(Double(wait), retry.delay(after: failures)))
    }
}
