import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { buildInfo } from '../config/build-info';

const DESCRIPTION = `Takes alerts from Alertmanager, investigates them, and shows what it found.

Errors are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) \`application/problem+json\` with a stable \`code\`. Every answer
carries \`x-request-id\`: a caller's own, if it is harmless, else a new one. Times are RFC 3339 in UTC. A field that is not
known is absent.`;

/** Serves the API's description: `/docs` to read and try, `/docs-json` as OpenAPI 3. */
export function serveApiDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'Vigil API',
    // One service, described here: no bar to load another description with, and no badge of a validator elsewhere.
    customCss: '.swagger-ui .topbar { display: none }',
    swaggerOptions: { validatorUrl: null, defaultModelsExpandDepth: 0, displayRequestDuration: true },
  });
}

function apiDocument(app: INestApplication): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle('Vigil')
    .setDescription(DESCRIPTION)
    .setVersion(buildInfo().version)
    .addTag('alerts', 'Taking alerts in')
    .addTag('changes', 'Telling what was changed, and looking it up')
    .addTag('triage', 'Looking investigations up')
    .addTag('health', 'For probes')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The token of `VIGIL_API_TOKEN`' })
    .build();
  return SwaggerModule.createDocument(app, document, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
}
