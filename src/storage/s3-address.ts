/** Where a bucket is reached. */
export interface S3Address {
  /** `https://s3.eu-west-1.amazonaws.com`, perhaps with a path, no slash at the end. */
  endpoint: string
  /** `https://s3.example.com/bucket` rather than `https://bucket.s3.example.com`. */
  pathStyle: boolean
}

export interface S3AddressSettings {
  bucket: string
  region: string
  endpoint?: string | undefined
  forcePathStyle?: boolean | undefined
}

/** Names with a dot have no place under the wildcard certificates of S3. */
const HOST_LABEL = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/

/**
 * Amazon's own endpoint of the region unless another is named. Amazon wants the bucket in the host name;
 * most others are set up without a wildcard host, so a named endpoint gets it in the path unless told otherwise.
 */
export function s3Address({ bucket, region, endpoint, forcePathStyle }: S3AddressSettings): S3Address {
  return {
    endpoint: endpoint ?? amazonEndpoint(region),
    pathStyle: !HOST_LABEL.test(bucket) || (forcePathStyle ?? endpoint !== undefined),
  }
}

/** Scheme, host and path under which the bucket's keys begin, without a slash at the end. */
export function bucketUrl({ endpoint, pathStyle }: S3Address, bucket: string): URL {
  const url = new URL(endpoint)
  const path = url.pathname.replace(/\/$/, '')
  if (pathStyle) return new URL(`${path}/${bucket}`, url)

  url.host = `${bucket}.${url.host}`
  return url
}

function amazonEndpoint(region: string) {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return `https://s3.${region}.${domain}`
}
